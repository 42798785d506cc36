// Texts whose colour is too near to what is behind them (WCAG 2, 1.4.6, the stricter one), as "words: ratio".
(function () {
  function colour(text) {
    var parts = text.match(/[\d.]+/g).map(Number);
    return parts.length < 4 ? parts.concat(1) : parts;
  }
  function light(rgb) {
    var linear = rgb.slice(0, 3).map(function (one) {
      one /= 255;
      return one <= 0.04045 ? one / 12.92 : Math.pow((one + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }
  function behind(element) {
    for (; element; element = element.parentElement) {
      var found = colour(getComputedStyle(element).backgroundColor);
      if (found[3] === 1) { return found; }
    }
    return [255, 255, 255, 1];
  }
  var poor = [], seen = 0;
  document.querySelectorAll("body *").forEach(function (element) {
    var words = Array.prototype.filter.call(element.childNodes, function (node) { return node.nodeType === 3 && node.data.trim(); });
    var style = getComputedStyle(element);
    if (!words.length || !element.getClientRects().length || element.closest("script, style")) { return; }
    var svg = element.closest("svg");
    var front = light(colour(svg ? style.fill : style.color)), back = light(behind(svg || element));
    var ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    var size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    seen += 1;
    if (ratio < (large ? 4.5 : 7)) { poor.push(words[0].data.trim().slice(0, 40) + ": " + ratio.toFixed(2)); }
  });
  return { seen: seen, poor: poor };
}())
