// Returns what is wrong with the page as it is laid out now, one text for each defect.
(() => {
  const defects = [];
  const all = selector => [...document.querySelectorAll(selector)];
  const name = element => element.tagName.toLowerCase() + (element.id ? "#" + element.id : "")
      + (element.className ? "." + element.className : "") + " '" + element.textContent.trim().slice(0, 30) + "'";

  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth || root.clientWidth > window.innerWidth) {
    defects.push(`the page is ${root.scrollWidth} wide on a screen of ${window.innerWidth}`);
  }

  // boxes that stand beside or below each other
  for (const group of ["h1, .intro, .controls button, .status, .card", ".card dl > div, .card .head, .bar, .processes, .note, table, .verdict",
    ".process", ".process .head, .callers, .process > p, .process ul", "#result th, #result td"]) {
    const boxes = all(group).map(element => ({element, box: element.getBoundingClientRect()}))
        .filter(each => each.box.width > 0 && each.box.height > 0);
    boxes.forEach((one, index) => boxes.slice(index + 1).forEach(other => {
      const apart = one.box.right <= other.box.left + 0.5 || other.box.right <= one.box.left + 0.5
          || one.box.bottom <= other.box.top + 0.5 || other.box.bottom <= one.box.top + 0.5;
      const inside = one.element.contains(other.element) || other.element.contains(one.element);
      if (!apart && !inside) {
        defects.push(`${name(one.element)} overlaps ${name(other.element)}`);
      }
    }));
  }

  // what is written, line by line
  const lines = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.textContent.trim() && getComputedStyle(node.parentElement).visibility === "visible") {
      const range = document.createRange();
      range.selectNodeContents(node);
      lines.push(...[...range.getClientRects()].map(({left, right, top, bottom}) => ({node, left, right, top, bottom})));
    }
  }
  lines.forEach((one, index) => {
    const text = one.node.textContent.trim().slice(0, 30);
    const card = (one.node.parentElement.closest(".process, .card, button") || document.querySelector("main")).getBoundingClientRect();
    if (one.left < card.left || one.right > card.right || one.top < card.top || one.bottom > card.bottom) {
      defects.push(`'${text}' leaves its box`);
    }
    lines.slice(index + 1).filter(other => one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 1 && other.top < one.bottom - 1)
        .forEach(other => defects.push(`'${text}' overlaps '${other.node.textContent.trim().slice(0, 30)}'`));
  });

  const numbers = color => color.match(/[\d.]+/g).map(Number);
  const luminance = color => numbers(color).slice(0, 3)
      .map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4))
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const background = element => {
    const color = element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
    return numbers(color)[3] === 0 ? background(element.parentElement) : color;
  };

  for (const element of all("main *")) {
    const text = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    const style = getComputedStyle(element);
    if (!text || style.visibility === "hidden" || style.display === "none") {
      continue;
    }
    const [bright, dark] = [luminance(style.color), luminance(background(element))].sort((a, b) => b - a);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < 4.5) {
      defects.push(`${name(element)} has a contrast of ${contrast.toFixed(2)}`);
    }
    if (parseFloat(style.fontSize) < 12) {
      defects.push(`${name(element)} is written in ${style.fontSize}`);
    }
  }
  return defects;
})()
