// Copyright: Contributors to the friendsofansible.sagemaker collection
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs in the page that tools/site/widths.py writes; an inline frame is a window of its width.

// How many lines the text of a cell takes; what is small or in a frame stands a little higher in its line.
const linesOf = (cell) => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const middles = [];
  while (texts.nextNode()) {
    if (!texts.currentNode.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const box of range.getClientRects()) middles.push((box.top + box.bottom) / 2);
  }
  middles.sort((one, other) => one - other);
  return middles.filter((middle, index) => index === 0 || middle - middles[index - 1] > 8).length;
};

const isOneWordALine = (cell) => {
  const words = cell.innerText.trim().split(/\s+/).length;
  return words >= 5 && cell.getClientRects().length > 0 && linesOf(cell) >= 0.8 * words;
};

// A word of prose that the column is too narrow for; names in code, or of operations and services, may break anywhere.
const brokenWordOf = (cell) => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.parentElement.closest("code, a, pre, strong")) continue;
    for (const word of node.data.matchAll(/\b[A-Za-z][a-z]{2,19}\b/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (range.getClientRects().length > 1) return word[0];
    }
  }
  return null;
};

const faultsOf = (page, width, frame) => {
  const inside = frame.contentDocument;
  const found = [];
  const whole = inside.documentElement.scrollWidth;
  if (whole > width) found.push(`${page} at ${width}: the page is ${whole} wide`);
  for (const table of inside.querySelectorAll("article table")) {
    const around = table.parentElement;
    if (around.scrollWidth > around.clientWidth + 1)
      found.push(`${page} at ${width}: a table is ${around.scrollWidth} wide in ${around.clientWidth}`);
    const narrow = [...table.querySelectorAll("td")].filter(isOneWordALine);
    const broken = [...table.querySelectorAll("td, th")].map(brokenWordOf).find(Boolean);
    if (broken) found.push(`${page} at ${width}: a column is too narrow for ${broken}`);
    if (narrow.length) found.push(`${page} at ${width}: one word a line: ${narrow[0].innerText.trim().slice(0, 60)}`);
  }
  return found;
};

// The page is opened once and its window resized, because opening takes longer than laying out.
const faultsIn = (page, widths) =>
  new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.style.cssText = `width: ${widths[0]}px; height: 900px; border: 0`;
    frame.onload = () => {
      const found = widths.map((width) => {
        frame.style.width = `${width}px`;
        return faultsOf(page, width, frame);
      });
      frame.remove();
      resolve(found.flat());
    };
    frame.src = page;
    document.body.append(frame);
  });

(async () => {
  const found = [];
  for (const page of asked.pages) found.push(...(await faultsIn(page, asked.widths)));
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = JSON.stringify(found);
  document.body.append(result);
})();
