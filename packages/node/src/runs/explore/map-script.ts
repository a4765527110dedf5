/** What makes the map of the report answer to the pointer and the keyboard: plain JavaScript inside the one file. */

/**
 * The script. It reads `#explore-data` (points of each map, values and colours by which points can be coloured, titles, sounds) and draws into
 * `#map`; without it the report's tables say all that the map shows.
 */
export const mapScript = `
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("explore-data").textContent);
  const canvas = document.getElementById("map");
  const tip = document.getElementById("map-tip");
  const legend = document.getElementById("map-legend");
  const said = document.getElementById("map-said");
  const context = canvas.getContext("2d");
  const count = data.titles.length;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const tint = ({ light, dark: onDark }) => dark.matches ? onDark : light;
  const player = new Audio();
  let map = data.first, colouring = 0, hovered = -1, played = -1, hidden = new Set(), places = [];
  const chosen = (name) => Number(document.querySelector("input[name=" + name + "]:checked").value);

  function place() {
    const points = data.maps[map].points;
    const width = canvas.clientWidth, height = canvas.clientHeight, ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
    for (const [x, y] of points) {
      left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
    }
    const scale = Math.min((width - 24) / (right - left || 1), (height - 24) / (bottom - top || 1));
    const dx = (width - scale * (left + right)) / 2, dy = (height + scale * (top + bottom)) / 2;
    places = points.map(([x, y]) => [dx + scale * x, dy - scale * y]);
  }

  function draw() {
    const { values, colours } = data.colourings[colouring];
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    const radius = count > 5000 ? 2 : count > 800 ? 3 : 4.5;
    for (let i = 0; i < count; i++) {
      const off = hidden.has(values[i]);
      context.globalAlpha = off ? 0.08 : 0.85;
      context.fillStyle = tint(colours[values[i]]);
      context.beginPath();
      context.arc(places[i][0], places[i][1], radius, 0, 7);
      context.fill();
    }
    context.globalAlpha = 1;
    for (const [i, width] of [[hovered, 2], [played, 3]]) {
      if (i < 0) continue;
      context.strokeStyle = getComputedStyle(canvas).color;
      context.lineWidth = width;
      context.beginPath();
      context.arc(places[i][0], places[i][1], radius + 3, 0, 7);
      context.stroke();
    }
  }

  function showLegend() {
    const { names, colours, values } = data.colourings[colouring];
    const counts = names.map(() => 0);
    for (const value of values) counts[value]++;
    legend.replaceChildren(...names.map((name, value) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", String(!hidden.has(value)));
      const key = document.createElement("span");
      key.className = "key";
      key.style.background = tint(colours[value]);
      button.append(key, name + " ", Object.assign(document.createElement("small"), { textContent: counts[value] }));
      button.onclick = () => {
        if (hidden.has(value)) hidden.delete(value);
        else hidden.add(value);
        button.setAttribute("aria-pressed", String(!hidden.has(value)));
        draw();
      };
      return button;
    }));
  }

  function show() {
    document.getElementById("map-note").textContent = data.maps[map].note;
    place(); showLegend(); draw();
  }

  function describe(i) {
    return data.titles[i] + " · " + data.colourings.map(({ title, names, values }) => title + " " + names[values[i]]).join(" · ");
  }

  function nearest(x, y) {
    let best = -1, least = 12 * 12;
    const values = data.colourings[colouring].values;
    for (let i = 0; i < count; i++) {
      if (hidden.has(values[i])) continue;
      const d = (places[i][0] - x) ** 2 + (places[i][1] - y) ** 2;
      if (d < least) { least = d; best = i; }
    }
    return best;
  }

  function point(i) {
    hovered = i;
    tip.hidden = i < 0;
    if (i >= 0) {
      tip.textContent = describe(i);
      tip.style.left = Math.min(places[i][0] + 12, canvas.clientWidth - 200) + "px";
      tip.style.top = places[i][1] + 12 + "px";
    }
    canvas.style.cursor = i >= 0 && data.sounds[i] ? "pointer" : "default";
    draw();
  }

  function play(i) {
    if (i < 0) return;
    const sound = data.sounds[i];
    played = i;
    said.textContent = describe(i) + (sound ? "" : " (no sound here)");
    draw();
    if (!sound) return;
    const [place, start, end] = sound, url = data.urls[place];
    player.src = (/^data:/.test(url) ? url : new URL(url, document.baseURI).href) + (start === undefined ? "" : "#t=" + start + (end === undefined ? "" : "," + end));
    player.play().catch((error) => { said.textContent = describe(i) + ": this browser cannot play it (" + error.message + ")"; });
  }

  canvas.addEventListener("pointermove", (event) => {
    const i = nearest(event.offsetX, event.offsetY);
    if (i !== hovered) point(i);
  });
  canvas.addEventListener("pointerleave", () => point(-1));
  canvas.addEventListener("click", (event) => play(nearest(event.offsetX, event.offsetY)));
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (step) {
      event.preventDefault();
      const [x, y] = hovered < 0 ? [canvas.clientWidth / 2, canvas.clientHeight / 2] : places[hovered];
      let best = -1, least = Infinity;
      for (let i = 0; i < count; i++) {
        const ahead = (places[i][0] - x) * step[0] + (places[i][1] - y) * step[1];
        const aside = Math.abs((places[i][0] - x) * step[1]) + Math.abs((places[i][1] - y) * step[0]);
        if (i !== hovered && ahead > 0 && ahead >= aside && ahead + aside < least) { least = ahead + aside; best = i; }
      }
      if (best >= 0) { point(best); said.textContent = describe(best); }
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      play(hovered);
    }
  });
  for (const input of document.querySelectorAll("input[name=map-kind], input[name=map-colour]"))
    input.addEventListener("change", () => {
      map = chosen("map-kind");
      if (colouring !== chosen("map-colour")) { colouring = chosen("map-colour"); hidden = new Set(); }
      show();
    });
  for (const button of document.querySelectorAll("button[data-play]")) {
    button.addEventListener("click", () => play(Number(button.dataset.play)));
    if (!data.sounds[Number(button.dataset.play)]) button.remove();
  }
  dark.addEventListener("change", () => { showLegend(); draw(); });
  new ResizeObserver(() => { place(); draw(); }).observe(canvas);
  show();
})();
`.trim();
