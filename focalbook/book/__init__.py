"""The book's own part of the Jupyter Book engine.

`focalbook.book.extension` is the Sphinx extension named in ``_config.yml``; the other modules are its parts
and the commands that the Makefile calls:

- ``python -m focalbook.book.execute`` runs changed chapters in parallel into the execution cache,
- ``python -m focalbook.book.site_check`` inspects the built pages without a browser,
- ``python -m focalbook.book.screenshot`` takes pictures of the built pages.
"""
