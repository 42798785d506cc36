
(function () {
  "use strict";
  var form = document.getElementById("filters");
  var box = document.getElementById("rules");

  // A link to a rule opens it.
  function openTarget() {
    var id = decodeURIComponent(location.hash.slice(1));
    var target = id && document.getElementById(id);
    if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  }
  addEventListener("hashchange", openTarget);
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href^='#rule-']");
    if (link && link.getAttribute("href") === location.hash) { openTarget(); }
  });
  openTarget();

  // Paper cannot be clicked: everything is open on it.
  var closed = [];
  addEventListener("beforeprint", function () {
    closed = Array.prototype.filter.call(document.querySelectorAll("details"), function (one) { return !one.open; });
    closed.forEach(function (one) { one.open = true; });
  });
  addEventListener("afterprint", function () { closed.forEach(function (one) { one.open = false; }); closed = []; });

  if (!form || !box) { return; }
  form.hidden = false;
  var order = ["info", "low", "medium", "high", "critical"];
  var rules = Array.prototype.slice.call(box.querySelectorAll("details.rule"));
  var texts = new Map();
  function text(one) {
    if (!texts.has(one)) { texts.set(one, one.textContent.toLowerCase()); }
    return texts.get(one);
  }
  function value(id) { var field = document.getElementById(id); return field ? field.value : ""; }
  function show(one, yes) { if (yes) { one.removeAttribute("data-out"); } else { one.setAttribute("data-out", ""); } }

  function apply() {
    var states = Array.prototype.map.call(form.querySelectorAll("[name=state]:checked"), function (one) { return one.value; });
    var least = order.indexOf(value("least")), duty = value("duty"), site = value("site"), since = value("since");
    var words = value("words").trim().toLowerCase();
    var shownRules = 0, shownEntries = 0;
    rules.forEach(function (rule) {
      var fits = order.indexOf(rule.dataset.impact) >= least && (!duty || rule.dataset.obligation === duty);
      var head = fits && words && text(rule.querySelector("summary")).indexOf(words) >= 0;
      var left = 0;
      rule.querySelectorAll(".entry").forEach(function (entry) {
        var yes = fits && states.indexOf(entry.dataset.state) >= 0 &&
          (!since || entry.dataset.since === since) &&
          (!site || entry.dataset.sites.split(" ").indexOf(site) >= 0) &&
          (!words || head || text(entry).indexOf(words) >= 0);
        show(entry, yes);
        if (yes) { left += 1; }
      });
      rule.querySelectorAll(".template").forEach(function (one) { show(one, one.querySelector(".entry:not([data-out])")); });
      show(rule, left > 0);
      if (left > 0) { shownRules += 1; shownEntries += left; }
    });
    document.getElementById("shown").textContent =
      shownRules + (shownRules === 1 ? " rule with " : " rules with ") + shownEntries + (shownEntries === 1 ? " entry" : " entries") + " shown";
  }

  var soon;
  form.addEventListener("input", function () { clearTimeout(soon); soon = setTimeout(apply, 150); });
  form.addEventListener("submit", function (event) { event.preventDefault(); apply(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  function openAll(yes) { rules.forEach(function (rule) { if (!rule.hasAttribute("data-out")) { rule.open = yes; } }); }
  document.getElementById("open-all").addEventListener("click", function () { openAll(true); });
  document.getElementById("close-all").addEventListener("click", function () { openAll(false); });
  apply();
}());
