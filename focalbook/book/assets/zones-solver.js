/* Minimiser of the focal-entropy and its zones, for groups of equal masses.

   A group is {mass, count}: `count` classes of mass `mass` each. The minimiser satisfies
   log p + log phi(q) = L for every class, and log(sum of all q but the largest) = log(1 - q_max): written so, the
   constraint keeps its digits when one mass rounds to one. Both equations are monotone, in the log-odds t of q
   and in L = log lambda; each is solved by Newton's method inside a bracket. */
(function () {
  "use strict";
  var TIE = 1e-12;

  /* log phi at log-odds t, minus its slope, and q, 1-q, -log q. */
  function at(t, gamma) {
    var y = Math.exp(-Math.abs(t));
    var small = Math.log1p(y);
    var x = t > 0 ? (y > 0 ? small / y : 1) : (small - t) * y;
    var q = (t > 0 ? 1 : y) / (1 + y);
    var c = (t > 0 ? y : 1) / (1 + y);
    var b = small + Math.max(-t, 0);
    var u = 1 + gamma * x;
    return {
      q: q,
      c: c,
      b: b,
      logPhi: b - gamma * (small + Math.max(t, 0)) + Math.log1p(gamma * x),
      fall: 1 - (1 - gamma) * q - (gamma * (x - q)) / u,
    };
  }

  function logGain(t, gamma) {
    var v = at(t, gamma);
    return v.logPhi - v.b;
  }

  /* Root of a falling function f(x) -> {value, slope} between low and high. */
  function falling(f, low, high, start) {
    var x = Math.min(Math.max(start, low), high);
    for (var i = 0; i < 300; i++) {
      var now = f(x);
      if (now.value > 0) low = x;
      else if (now.value < 0) high = x;
      else return x;
      var next = x - now.value / now.slope;
      if (!(next > low && next < high)) next = 0.5 * (low + high);
      if (Math.abs(next - x) <= 2e-16 * Math.max(1, Math.abs(x)) || next === low || next === high) return next;
      x = next;
    }
    return x;
  }

  /* Log-odds t with log phi(t) = level. */
  function invert(level, gamma, start) {
    var low = -Math.abs(level) - gamma - 2;
    var high = (Math.abs(level) + Math.log1p(gamma) + 1) / Math.min(gamma, 1) + 1;
    return falling(
      function (t) {
        var v = at(t, gamma);
        return { value: v.logPhi - level, slope: -v.fall };
      },
      low,
      high,
      start
    );
  }

  /* All log-odds at the level L, and how far the two sides of the constraint are apart. */
  function settle(level, classes, top, gamma) {
    var others = 0;
    var weight = 0;
    classes.forEach(function (k) {
      k.t = invert(level - k.logMass, gamma, k.t);
      k.at = at(k.t, gamma);
      var n = k === top ? k.count - 1 : k.count;
      others += n * k.at.q;
      weight += (n * k.at.q * k.at.c) / k.at.fall;
    });
    return {
      value: Math.log(others) - Math.log(top.at.c),
      slope: -weight / others - top.at.q / top.at.fall,
    };
  }

  function minimise(groups, gamma) {
    var classes = [];
    groups.forEach(function (group, index) {
      if (group.mass > 0 && group.count > 0) {
        classes.push({ index: index, count: group.count, logMass: Math.log(group.mass), t: 0 });
      }
    });
    classes.sort(function (a, b) {
      return b.logMass - a.logMass;
    });
    var q = groups.map(function () {
      return 0;
    });
    var total = classes.reduce(function (sum, k) {
      return sum + k.count;
    }, 0);
    if (gamma === 0 || total < 2) {
      classes.forEach(function (k) {
        q[k.index] = gamma === 0 ? groups[k.index].mass : 1;
      });
      return { q: q, level: gamma === 0 ? 0 : -Infinity };
    }
    var top = classes[0];
    var second = top.count > 1 ? top : classes[1];
    var low = second.logMass + at(0, gamma).logPhi;
    var high = top.logMass + at(-Math.log(total - 1), gamma).logPhi;
    var level = falling(
      function (trial) {
        return settle(trial, classes, top, gamma);
      },
      low - 1e-9 - 1e-12 * Math.abs(low),
      high + 1e-9 + 1e-12 * Math.abs(high),
      0.5 * (low + high)
    );
    settle(level, classes, top, gamma);
    classes.forEach(function (k) {
      q[k.index] = k.t > 0 ? k.at.q : Math.exp(-k.at.b);
    });
    return { q: q, level: level };
  }

  /* Where the gain peaks: Newton's method from the left, on a convex falling function. */
  function peak(gamma) {
    var p = 0.01 / Math.max(1, gamma);
    for (var i = 0; i < 100; i++) {
      var b = -Math.log(p);
      var step = ((1 - gamma * p) * b - 2 * (1 - p)) / (gamma * b + (1 - gamma * p) / p - 2);
      p += step;
      if (Math.abs(step) <= 4e-16 * p) break;
    }
    return p;
  }

  function crossing(gamma, level, from, to) {
    for (var i = 0; i < 200; i++) {
      var middle = 0.5 * (from + to);
      if (middle === from || middle === to) break;
      if (logGain(middle, gamma) > level === logGain(to, gamma) > level) to = middle;
      else from = middle;
    }
    return at(0.5 * (from + to), gamma).q;
  }

  function solve(groups, gamma) {
    var found = minimise(groups, gamma);
    var level = found.level;
    var low = 0;
    var high = 1;
    if (gamma > 0 && isFinite(level)) {
      var best = peak(gamma);
      var t = Math.log(best) - Math.log1p(-best);
      var capped = Math.min(level, logGain(t, gamma));
      var far = Math.max(Math.max(-capped, 0) / gamma + Math.log1p(gamma) / gamma + 2, t + 1);
      high = crossing(gamma, capped, t, far);
      if (capped > 0) low = crossing(gamma, capped, t, -745);
    }
    var zone = groups.map(function (group) {
      if (!(group.mass > 0) || gamma === 0 || !isFinite(level)) return 0;
      var gain = logGain(Math.log(group.mass) - Math.log1p(-group.mass), gamma);
      if (Math.abs(gain - level) <= TIE * Math.max(1, Math.abs(level))) return 0;
      return gain > level ? 1 : group.mass < peak(gamma) ? -2 : -1;
    });
    return {
      q: found.q,
      multiplier: Math.exp(level),
      low: low,
      high: high,
      regime: level > 0 && low > 0 ? "two thresholds" : "one threshold",
      zone: zone,
    };
  }

  function gain(p, gamma) {
    if (p <= 0) return 1;
    if (p >= 1) return gamma > 0 ? 0 : 1;
    return Math.exp(logGain(Math.log(p) - Math.log1p(-p), gamma));
  }

  window.focalZones = Object.assign(window.focalZones || {}, { solve: solve, gain: gain, peak: peak });
})();
