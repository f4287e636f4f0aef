/* The three zones to play with: masses to drag or type, a slider for gamma, the minimiser beside them.
   A container div.zones-widget carries its presets as JSON and a static figure, which this script replaces. */
(function () {
  "use strict";
  var MOST = 12;
  var charts = window.focalZones.charts;
  var html = charts.html;
  var short = charts.short;
  var LEAST = charts.LEAST;

  function percent(ratio) {
    var change = 100 * (ratio - 1);
    return (change < 0 ? "−" : "+") + Math.abs(change).toFixed(1) + " %";
  }

  function named(group) {
    return (group.count === 1 ? "the class" : "the " + group.count + " classes") + " of mass " + short(group.mass);
  }

  function number(input) {
    return input.value.trim() === "" ? NaN : Number(input.value);
  }

  function Widget(root) {
    var widget = this;
    this.presets = JSON.parse(root.querySelector("script.zones-data").textContent).presets;
    this.panel = html("div", { class: "zones-panel" }, root);
    this.controls();
    var drawings = html("div", { class: "zones-charts" }, this.panel);
    var node = charts.svg("svg", { role: "group", "aria-label": "Masses of P, to be dragged, beside the probabilities of Q*" }, drawings);
    this.bars = new charts.Bars(node, function (i, mass) {
      widget.setMass(i, mass);
    });
    this.curve = charts.svg("svg", { role: "img" }, drawings);
    this.summary = html("p", { class: "zones-summary" }, this.panel);
    this.table();
    this.spoken = html("p", { class: "zones-spoken", "aria-live": "polite" }, this.panel);
    root.querySelector(".zones-fallback").hidden = true;
    this.load(0);
    new ResizeObserver(function () {
      if (node.clientWidth && node.clientWidth !== widget.width) widget.structure();
    }).observe(this.panel);
    root.dataset.ready = "true";
  }

  Widget.prototype.controls = function () {
    var widget = this;
    var bar = html("div", { class: "zones-controls" }, this.panel);
    var choice = html("select", {}, html("label", {}, bar, "Example "));
    this.presets.forEach(function (preset, i) {
      html("option", { value: i }, choice, preset.name);
    });
    choice.addEventListener("change", function () {
      widget.load(Number(choice.value));
    });
    var label = html("label", { class: "zones-gamma" }, bar, "γ");
    var scale = { min: 0, max: 10, step: 0.05, "aria-label": "gamma, the focusing parameter" };
    this.slider = html("input", Object.assign({ type: "range" }, scale), label);
    scale["aria-label"] += ", as a number";
    this.box = html("input", Object.assign({ type: "number" }, scale, { step: "any" }), bar);
    this.slider.addEventListener("input", function () {
      widget.setGamma(Number(widget.slider.value));
    });
    this.box.addEventListener("input", function () {
      var value = number(widget.box);
      var valid = value >= 0 && value <= 10;
      widget.box.setAttribute("aria-invalid", String(!valid));
      if (valid) widget.setGamma(value, true);
    });
    var log = html("label", {}, bar);
    this.logBox = html("input", { type: "checkbox" }, log);
    html("span", {}, log, "logarithmic heights");
    this.logBox.addEventListener("change", function () {
      widget.state.log = widget.logBox.checked;
      widget.update();
    });
  };

  Widget.prototype.table = function () {
    var table = html("table", { class: "zones-table" }, html("div", { class: "zones-scroll" }, this.panel));
    html("caption", {}, table, "Change the masses here, or drag the round handles above.");
    var head = html("tr", {}, html("thead", {}, table));
    ["classes", "mass of each", "Q*", "change"].forEach(function (title) {
      html("th", { scope: "col" }, head, title);
    });
    html("td", {}, head);
    this.body = html("tbody", {}, table);
    var foot = html("div", { class: "zones-controls" }, this.panel);
    this.add = html("button", { type: "button" }, foot, "Add a class");
    this.add.addEventListener("click", this.addClass.bind(this));
    this.total = html("span", { class: "zones-total" }, foot);
    this.note = html("p", { class: "zones-note", role: "status" }, this.panel);
  };

  Widget.prototype.load = function (index) {
    var preset = this.presets[index];
    var groups = preset.groups.map(function (group) {
      return { mass: group.mass, count: group.count };
    });
    this.state = { groups: groups, gamma: preset.gamma, log: preset.log };
    this.logBox.checked = preset.log;
    this.note.textContent = "";
    this.structure();
  };

  Widget.prototype.setGamma = function (gamma, typed) {
    this.state.gamma = gamma;
    if (!typed) this.box.setAttribute("aria-invalid", "false");
    this.update(typed);
  };

  /* Give one class of a row another mass; the other rows make room in proportion. */
  Widget.prototype.setMass = function (index, mass) {
    var groups = this.state.groups;
    var group = groups[index];
    var others = groups.reduce(function (n, other) { return n + (other === group ? 0 : other.count); }, 0);
    if (!others) {
      this.note.textContent = "There is no other row to make room: add a class first.";
      return this.update();
    }
    var rest = Math.max(1 - group.mass * group.count, 0);
    group.mass = Math.min(Math.max(mass, 0), (1 - LEAST) / group.count);
    var room = 1 - group.mass * group.count;
    var empty = rest < 1e-12;
    groups.forEach(function (other) {
      if (other !== group) other.mass = empty ? room / others : (other.mass * room) / rest;
    });
    this.note.textContent = empty
      ? "The other classes share the rest, " + short(room) + "."
      : "The other masses were multiplied by " + short(room / rest) + ", so that all sum to one.";
    return this.update();
  };

  /* Divide all masses by their sum, and say so. */
  Widget.prototype.normalise = function (text) {
    var groups = this.state.groups;
    var sum = groups.reduce(function (total, group) { return total + group.mass * group.count; }, 0);
    groups.forEach(function (group) {
      group.mass = sum > 0 ? group.mass / sum : 1 / groups.length / group.count;
    });
    this.note.textContent = text + " All masses were divided by their sum, " + short(sum) + ".";
    this.structure();
  };

  Widget.prototype.addClass = function () {
    this.state.groups.push({ mass: 0.05, count: 1 });
    this.normalise("A class of mass 0.05 was added.");
    this.body.lastChild.querySelector(".zones-mass").focus();
  };

  Widget.prototype.remove = function (index) {
    this.state.groups.splice(index, 1);
    this.normalise("Row " + (index + 1) + " was removed.");
    this.add.focus();
  };

  Widget.prototype.setCount = function (index, input) {
    var count = number(input);
    if (!(count >= 1 && count <= 1000 && count === Math.round(count))) {
      input.value = this.state.groups[index].count;
      this.note.textContent = "The number of classes must be a whole number from 1 to 1000.";
      return;
    }
    this.state.groups[index].count = count;
    this.normalise("Row " + (index + 1) + " now stands for " + count + (count === 1 ? " class." : " classes."));
  };

  Widget.prototype.typeMass = function (index, input) {
    var mass = number(input);
    if (mass >= 0 && mass <= 1) return this.setMass(index, mass);
    this.note.textContent = "A mass must be a number from 0 to 1.";
    return this.update();
  };

  /* `structure` makes the elements of the present rows, `update` gives them the present numbers. */
  Widget.prototype.structure = function () {
    this.bars.structure(this.state);
    this.width = this.bars.node.clientWidth;
    this.body.textContent = "";
    this.rows = this.state.groups.map(this.row, this);
    this.add.disabled = this.state.groups.length >= MOST;
    this.update();
  };

  Widget.prototype.row = function (group, i) {
    var widget = this;
    var row = html("tr", {}, this.body);
    var count = html("input", { type: "number", min: 1, max: 1000, class: "zones-count" }, html("td", {}, row));
    count.setAttribute("aria-label", "number of classes in row " + (i + 1));
    count.value = group.count;
    count.addEventListener("change", function () {
      widget.setCount(i, count);
    });
    var mass = html("input", { type: "number", min: 0, max: 1, step: "any", class: "zones-mass" }, html("td", {}, row));
    mass.setAttribute("aria-label", "mass of each class in row " + (i + 1));
    mass.addEventListener("change", function () {
      widget.typeMass(i, mass);
    });
    var cells = { mass: mass, q: html("td", {}, row) };
    var last = html("td", {}, row);
    cells.change = html("span", { class: "zones-change" }, last);
    last.appendChild(document.createTextNode(" "));
    cells.zone = html("span", {}, last);
    var remove = html("button", { type: "button", "aria-label": "remove row " + (i + 1) }, html("td", {}, row), "×");
    remove.disabled = this.state.groups.length < 2;
    remove.addEventListener("click", function () {
      widget.remove(i);
    });
    return cells;
  };

  Widget.prototype.update = function (typing) {
    var state = this.state;
    var found = (state.found = window.focalZones.solve(state.groups, state.gamma));
    if (!typing) this.box.value = Number(state.gamma.toFixed(4));
    this.slider.value = state.gamma;
    this.bars.update(state);
    charts.drawCurve(this.curve, state);
    this.rows.forEach(function (cells, i) {
      var mass = state.groups[i].mass;
      cells.mass.value = Number(mass.toPrecision(6));
      cells.q.textContent = short(found.q[i]);
      cells.change.textContent = mass > 0 ? percent(found.q[i] / mass) : "–";
      cells.zone.textContent = charts.ZONES[found.zone[i]];
      cells.zone.className = "zones-zone " + charts.ZONES[found.zone[i]];
    });
    var sum = state.groups.reduce(function (total, group) { return total + group.mass * group.count; }, 0);
    this.total.textContent = "Sum of all masses: " + sum.toFixed(6);
    this.report();
  };

  Widget.prototype.report = function () {
    var found = this.state.found;
    var text = "λ = " + short(found.multiplier) + ": " + found.regime + ". ";
    if (this.state.gamma === 0) text = "γ = 0 is the log loss: Q* is P, and λ = 1.";
    else if (found.multiplier === 0) text = "One class has all the mass: Q* is P, and λ = 0.";
    else {
      if (found.low > 0) text += "Masses below p_low = " + short(found.low) + " are over-suppressed, those up to";
      else text += "Masses below";
      text += " p_high = " + short(found.high) + " are amplified, those above are suppressed. " + this.extremes();
    }
    var spoken = this.spoken;
    this.summary.textContent = text;
    clearTimeout(this.later);
    this.later = setTimeout(function () {
      spoken.textContent = text;
    }, 600);
  };

  Widget.prototype.extremes = function () {
    var found = this.state.found;
    var ranked = [];
    this.state.groups.forEach(function (group, i) {
      if (group.mass > 0) ranked.push({ group: group, ratio: found.q[i] / group.mass });
    });
    ranked.sort(function (a, b) { return a.ratio - b.ratio; });
    var worst = ranked[0];
    var best = ranked[ranked.length - 1];
    if (best.ratio - worst.ratio < 1e-9) return "Nothing moves.";
    var raised = "Raised most: " + named(best.group) + ", times " + short(best.ratio) + ". ";
    return raised + "Lowered most: " + named(worst.group) + ", times " + short(worst.ratio) + ".";
  };

  function start() {
    document.querySelectorAll("div.zones-widget:not([data-ready])").forEach(function (root) {
      root.zones = new Widget(root);
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
