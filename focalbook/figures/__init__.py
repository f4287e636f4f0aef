"""Figures of the book: one module per figure, each with ``data(...)`` (numbers) and ``draw(data, ax)``.

`focalbook.figures.style` turns a drawing function into one output with a light and a dark version.
"""
