/* Plotly figures take the colours of the page, and change with it. */
(function () {
  "use strict";
  var INK = { light: "#1f2328", dark: "#e3e6ea" };
  var GRID = { light: "#d9dde3", dark: "#3b4148" };

  function adapt(figure, theme) {
    var change = { "font.color": INK[theme], "legend.font.color": INK[theme] };
    Object.keys(figure._fullLayout || {}).forEach(function (key) {
      if (/^[xy]axis\d*$/.test(key)) {
        change[key + ".gridcolor"] = GRID[theme];
        change[key + ".linecolor"] = INK[theme];
        change[key + ".zerolinecolor"] = INK[theme];
        change[key + ".tickfont.color"] = INK[theme];
        change[key + ".title.font.color"] = INK[theme];
      }
    });
    ["sliders", "updatemenus"].forEach(function (kind) {
      ((figure._fullLayout || {})[kind] || []).forEach(function (_, i) {
        change[kind + "[" + i + "].font.color"] = INK[theme];
      });
    });
    window.Plotly.relayout(figure, change);
  }

  function adaptAll() {
    var theme = document.documentElement.dataset.theme === "dark" ? "dark" : "light";
    document.querySelectorAll("div.plotly-graph-div").forEach(function (figure) {
      if (figure._fullLayout) adapt(figure, theme);
    });
  }

  function start() {
    adaptAll();
    new MutationObserver(adaptAll).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-theme"],
    });
  }
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start);
})();
