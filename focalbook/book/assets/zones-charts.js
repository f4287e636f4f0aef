/* The two drawings of the interactive zones: bars of P and Q* with handles, and the gain curve with its zones.
   Both draw a state {groups, gamma, log, found}; colours come from the style sheet. */
(function () {
  "use strict";
  var SVG = "http://www.w3.org/2000/svg";
  var HEIGHT = 270;
  var LEAST = 1e-6;
  var zones = (window.focalZones = window.focalZones || {});
  var ZONES = { "1": "amplified", "-1": "suppressed", "-2": "over-suppressed", "0": "unchanged" };
  var STEPS = { ArrowUp: 1, ArrowRight: 1, PageUp: 5, ArrowDown: -1, ArrowLeft: -1, PageDown: -5 };

  function set(node, attributes) {
    Object.keys(attributes).forEach(function (key) {
      node.setAttribute(key, attributes[key]);
    });
    return node;
  }

  function html(tag, attributes, parent, text) {
    var node = set(document.createElement(tag), attributes);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }

  function svg(tag, attributes, parent, text) {
    var node = set(document.createElementNS(SVG, tag), attributes);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }

  function short(x) {
    if (x === 0 || x === 1) return String(x);
    if (x < 1e-3 || x >= 1e5) return x.toExponential(2).replace(/\.?0*e-/, "e−");
    return String(Number(x.toPrecision(4)));
  }

  /* Bars. `move(i, mass)` is called when the handle of group i asks for another mass. */
  function Bars(node, move) {
    this.node = node;
    this.move = move;
    this.held = null;
  }

  Bars.prototype.structure = function (state) {
    this.node.textContent = "";
    this.size = { w: Math.max(this.node.clientWidth, 240), h: HEIGHT, l: 48, r: 6, t: 14, b: 34 };
    set(this.node, { viewBox: "0 0 " + this.size.w + " " + HEIGHT, height: HEIGHT });
    this.axis = svg("g", { class: "zones-axis" }, this.node);
    this.parts = state.groups.map(function (group, i) {
      return {
        truth: svg("rect", { class: "zones-p" }, this.node),
        model: svg("rect", {}, this.node),
        label: svg("text", { class: "zones-tick", "text-anchor": "middle" }, this.node),
        handle: this.handle(i),
      };
    }, this);
  };

  Bars.prototype.handle = function (i) {
    var bars = this;
    var handle = svg("g", { class: "zones-handle", role: "slider", tabindex: 0 }, this.node);
    set(handle, { "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": 1 });
    svg("circle", { r: 22, class: "zones-hit" }, handle);
    svg("circle", { r: 7 }, handle);
    handle.addEventListener("pointerdown", function (event) {
      bars.held = bars.ends; // the axis stays put while a bar is dragged
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      event.preventDefault();
    });
    handle.addEventListener("pointermove", function (event) {
      if (!bars.held) return;
      var box = bars.node.getBoundingClientRect();
      bars.move(i, bars.massAt(((event.clientY - box.top) * HEIGHT) / box.height));
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      handle.addEventListener(name, function () {
        bars.held = null;
        bars.update(bars.state);
      });
    });
    handle.addEventListener("keydown", function (event) {
      var by = STEPS[event.key];
      var mass = bars.state.groups[i].mass;
      if (by) mass = bars.state.log ? Math.max(mass, LEAST) * Math.pow(1.1, by) : mass + 0.01 * by;
      else if (event.key === "Home") mass = bars.state.log ? LEAST : 0;
      else if (event.key === "End") mass = 1;
      else return;
      event.preventDefault();
      bars.move(i, mass);
    });
    return handle;
  };

  Bars.prototype.range = function (state) {
    var all = state.found.q.slice();
    state.groups.forEach(function (group) {
      if (group.mass > 0) all.push(group.mass);
    });
    if (!state.log) {
      var top = Math.max.apply(null, all);
      var round = [0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1];
      return [0, round.find(function (x) { return x >= 1.05 * top || x === 1; })];
    }
    var positive = all.filter(function (x) { return x > 0; });
    return [Math.pow(10, Math.floor(Math.log10(Math.min.apply(null, positive.concat(0.01)) / 1.5))), 1];
  };

  Bars.prototype.place = function (mass) {
    var s = this.size;
    var low = this.ends[0];
    var high = this.ends[1];
    var part = this.state.log ? Math.log(Math.max(mass, low) / low) / Math.log(high / low) : mass / high;
    return s.h - s.b - (s.h - s.b - s.t) * Math.min(part, 1);
  };

  Bars.prototype.massAt = function (y) {
    var s = this.size;
    var part = Math.min(Math.max((s.h - s.b - y) / (s.h - s.b - s.t), 0), 1);
    return this.state.log ? this.ends[0] * Math.pow(this.ends[1] / this.ends[0], part) : this.ends[1] * part;
  };

  Bars.prototype.update = function (state) {
    this.state = state;
    this.ends = this.held || this.range(state);
    this.drawAxis();
    this.parts.forEach(this.updateGroup, this);
  };

  Bars.prototype.drawAxis = function () {
    var s = this.size;
    var ends = this.ends;
    var ticks = [];
    var decades = this.state.log ? Math.round(Math.log10(ends[1] / ends[0])) : 0;
    if (this.state.log) {
      for (var k = 0; k <= decades; k += Math.ceil(decades / 6)) ticks.push(Number((ends[1] / Math.pow(10, k)).toPrecision(3)));
    } else {
      for (var j = 0; j <= 5; j++) ticks.push(Number(((ends[1] * j) / 5).toPrecision(3)));
    }
    this.axis.textContent = "";
    ticks.forEach(function (tick) {
      var y = this.place(tick);
      svg("line", { x1: s.l, x2: s.w - s.r, y1: y, y2: y }, this.axis);
      svg("text", { x: s.l - 5, y: y + 4, "text-anchor": "end", class: "zones-tick" }, this.axis, short(tick));
    }, this);
    var middle = (s.l + s.w - s.r) / 2;
    svg("text", { x: middle, y: s.h - 3, "text-anchor": "middle", class: "zones-tick" }, this.axis, "number of classes");
  };

  Bars.prototype.updateGroup = function (parts, i) {
    var s = this.size;
    var group = this.state.groups[i];
    var q = this.state.found.q[i];
    var band = (s.w - s.l - s.r) / this.state.groups.length;
    var wide = Math.min(band * 0.38, 46);
    var base = s.h - s.b;
    var middle = s.l + band * (i + 0.5);
    var high = this.place(group.mass);
    set(parts.truth, { x: middle - wide - 1, width: wide, y: high, height: base - high });
    set(parts.model, { x: middle + 1, width: wide, y: this.place(q), height: base - this.place(q) });
    set(parts.model, { class: "zones-fill " + ZONES[this.state.found.zone[i]] });
    set(parts.label, { x: middle, y: base + 15 }).textContent = group.count;
    set(parts.handle, {
      transform: "translate(" + (middle - wide / 2 - 1) + " " + high + ")",
      "aria-label": "mass of each class in row " + (i + 1),
      "aria-valuenow": group.mass,
      "aria-valuetext": short(group.mass) + ", reported as " + short(q),
    });
  };

  /* The gain curve on a logarithmic axis from 10^first to one. */
  function drawCurve(node, state) {
    var found = state.found;
    var s = { w: Math.max(node.clientWidth, 240), h: HEIGHT, l: 36, r: 12, t: 14, b: 34 };
    var masses = state.groups.map(function (group) { return group.mass; }).filter(function (mass) { return mass > 0; });
    var first = Math.floor(Math.log10(Math.min.apply(null, masses.concat(1e-3)) / 2));
    var peak = state.gamma > 0 ? zones.gain(zones.peak(state.gamma), state.gamma) : 1;
    var height = 1.12 * Math.max(1.1, peak, found.multiplier);
    var base = s.h - s.b;
    function x(p) {
      var part = 1 - Math.log10(Math.max(p, Math.pow(10, first))) / first;
      return s.l + part * (s.w - s.l - s.r);
    }
    function y(h) {
      return base - (h / height) * (base - s.t);
    }
    node.textContent = "";
    set(node, { viewBox: "0 0 " + s.w + " " + HEIGHT, height: HEIGHT });
    if (state.gamma > 0 && found.multiplier > 0) {
      [["over-suppressed", 0, found.low], ["amplified", found.low, found.high], ["suppressed", found.high, 1]].forEach(function (zone) {
        var width = x(zone[2]) - x(zone[1]);
        if (!(width > 0)) return;
        svg("rect", { class: "zones-shade " + zone[0], x: x(zone[1]), width: width, y: s.t, height: base - s.t }, node);
        var middle = x(zone[1]) + width / 2;
        if (width > 6.2 * zone[0].length) svg("text", { class: "zones-label " + zone[0], x: middle, y: base - 28 }, node, zone[0]);
      });
    }
    for (var k = 0; k >= first; k -= Math.ceil(-first / 5)) {
      var at = x(Math.pow(10, k));
      svg("line", { class: "zones-grid", x1: at, x2: at, y1: s.t, y2: base }, node);
      svg("text", { class: "zones-tick", x: at, y: base + 15, "text-anchor": "middle" }, node, short(Number(Math.pow(10, k).toPrecision(3))));
    }
    [0, 0.5, 1, 1.5].forEach(function (h) {
      if (h > height) return;
      svg("line", { class: "zones-grid", x1: s.l, x2: s.w - s.r, y1: y(h), y2: y(h) }, node);
      svg("text", { class: "zones-tick", x: s.l - 5, y: y(h) + 4, "text-anchor": "end" }, node, String(h));
    });
    var path = "";
    for (var i = 0; i <= 240; i++) {
      var p = Math.pow(10, first * (1 - i / 240));
      path += (i ? "L" : "M") + x(p).toFixed(1) + " " + y(zones.gain(p, state.gamma)).toFixed(1);
    }
    svg("path", { class: "zones-line", d: path }, node);
    var level = y(found.multiplier);
    svg("line", { class: "zones-level", x1: s.l, x2: s.w - s.r, y1: level, y2: level }, node);
    svg("text", { class: "zones-name", x: s.w - s.r - 4, y: level - 5, "text-anchor": "end" }, node, "λ");
    [[found.low, "low"], [found.high, "high"]].forEach(function (mark) {
      if (!(mark[0] > Math.pow(10, first) && mark[0] < 1)) return;
      svg("line", { class: "zones-mark", x1: x(mark[0]), x2: x(mark[0]), y1: level, y2: base }, node);
      var name = svg("text", { class: "zones-name", x: x(mark[0]) - 4, y: base - 8, "text-anchor": "end" }, node, "p");
      svg("tspan", { class: "zones-sub", dy: 3 }, name, mark[1]);
    });
    state.groups.forEach(function (group, j) {
      if (!(group.mass > 0)) return;
      var zone = ZONES[found.zone[j]];
      svg("circle", { class: "zones-dot " + zone, cx: x(group.mass), cy: y(zones.gain(group.mass, state.gamma)), r: 5.5 }, node);
    });
    svg("text", { class: "zones-tick", x: (s.l + s.w) / 2, y: s.h - 3, "text-anchor": "middle" }, node, "probability p");
    svg("text", { class: "zones-tick", x: s.l + 4, y: s.t + 10 }, node, "gain h(p)");
    node.setAttribute("aria-label", "The gain h, the level lambda at " + short(found.multiplier) + ", and the masses as points on the curve");
  }

  zones.charts = { Bars: Bars, drawCurve: drawCurve, html: html, svg: svg, short: short, ZONES: ZONES, LEAST: LEAST };
})();
