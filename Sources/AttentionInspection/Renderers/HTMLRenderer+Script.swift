/// The script of the page. The words and the table stand in the page already; the script redraws their shades and
/// links.
let pageScript = #"""
    const map = JSON.parse(document.getElementById("map").textContent);
    const layer = document.getElementById("layer");
    const head = document.getElementById("head");
    const status = document.getElementById("status");
    const links = document.getElementById("links");
    const picture = links.querySelector("svg");
    const table = document.querySelector("table");
    const words = {
      source: [...links.querySelectorAll(".source button")],
      target: [...links.querySelectorAll(".target button")],
    };
    const labels = {
      source: [...table.querySelectorAll("thead th")],
      target: [...table.querySelectorAll("tbody th")],
    };
    const cells = [...table.querySelectorAll("tbody tr")].map(row => [...row.querySelectorAll("td")]);
    const hint = status.textContent;
    let weights, fullShade;  // of the heads shown: [target][source], and the greatest of them
    let lines = [];          // the links drawn: {source, target, path}
    let held = {};           // the word held by a click: {source: index} or {target: index}, or none
    let lit = {};            // what is lit up now

    function meanWeights() {
      const layers = layer.value === "mean" ? map.weights : [map.weights[layer.value]];
      const heads = layers.flatMap(heads => head.value === "mean" ? heads : [heads[head.value]]);
      return heads[0].map((row, target) => row.map((_, source) =>
        heads.reduce((sum, head) => sum + head[target][source], 0) / heads.length));
    }

    function show() {
      weights = meanWeights();
      fullShade = weights.flat().reduce((a, b) => Math.max(a, b), 0) || 1;
      weights.forEach((row, target) => row.forEach((weight, source) => {
        const cell = cells[target][source];
        cell.style.setProperty("--shade", weight / fullShade);
        cell.title = `${name("source", source)} → ${name("target", target)}: ${weight.toFixed(3)}`;
      }));
      document.querySelector(".legend b").textContent = Number(fullShade.toPrecision(3));
      draw();
    }

    function draw() {
      const middle = word => word.offsetTop + word.offsetHeight / 2;
      const width = picture.clientWidth;
      lines = [];
      weights.forEach((row, target) => row.forEach((weight, source) => {
        if (weight < fullShade / 50) return;  // too faint to be seen
        const from = middle(words.source[source]), to = middle(words.target[target]);
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        path.setAttribute("d", `M4 ${from}C${width / 2} ${from} ${width / 2} ${to} ${width - 4} ${to}`);
        path.setAttribute("stroke-opacity", weight / fullShade);
        lines.push({source, target, path});
      }));
      picture.replaceChildren(...lines.map(line => line.path));
      highlight(lit);
    }

    // Lights up what belongs to a source word, a target word, or the pair of both.
    function highlight(focus) {
      lit = focus;
      const hasFocus = "source" in focus || "target" in focus;
      const isOn = (source, target) =>
        hasFocus && (focus.source ?? source) === source && (focus.target ?? target) === target;
      links.classList.toggle("focused", hasFocus);
      table.classList.toggle("focused", hasFocus);
      for (const line of lines) line.path.classList.toggle("on", isOn(line.source, line.target));
      cells.forEach((row, target) => row.forEach((cell, source) => cell.classList.toggle("on", isOn(source, target))));
      for (const side of ["source", "target"]) {
        const shades = partners(side, focus);
        words[side].forEach((word, index) => {
          word.classList.toggle("on", focus[side] === index);
          word.setAttribute("aria-pressed", held[side] === index);
          word.style.setProperty("--shade", (shades[index] ?? 0) / fullShade);
          labels[side][index].classList.toggle("on", focus[side] === index);
        });
      }
      status.textContent = hasFocus ? sentence(focus) : hint;
    }

    // The weights between the word in focus on the other side and every word of this side.
    function partners(side, focus) {
      if (side in focus) return [];
      if (side === "source") return "target" in focus ? weights[focus.target] : [];
      return "source" in focus ? weights.map(row => row[focus.source]) : [];
    }

    function strongest(shades, count) {
      return [...shades.keys()].sort((a, b) => shades[b] - shades[a]).slice(0, count);
    }

    function name(side, index) { return words[side][index].textContent; }

    function sentence(focus) {
      if ("source" in focus && "target" in focus) {
        const weight = weights[focus.target][focus.source];
        return `${name("source", focus.source)} → ${name("target", focus.target)}: ${weight.toFixed(3)}`;
      }
      const side = "source" in focus ? "source" : "target";
      const other = side === "source" ? "target" : "source";
      const shades = partners(other, focus);
      const list = strongest(shades, 4).map(index => `${name(other, index)} ${shades[index].toFixed(2)}`);
      return `${name(side, focus[side])} ${side === "source" ? "→" : "←"} ${list.join(" · ")}`;
    }

    function move(event, side, index) {
      const steps = {ArrowUp: -1, ArrowDown: 1};
      const other = side === "source" ? "target" : "source";
      let next;
      if (event.key in steps) next = words[side][index + steps[event.key]];
      else if (event.key === (side === "source" ? "ArrowRight" : "ArrowLeft"))
        next = words[other][strongest(partners(other, {[side]: index}), 1)[0]];
      else return;
      event.preventDefault();
      next?.focus();
    }

    function listen(element, focus) {
      element.addEventListener("pointerenter", () => highlight(focus));
      element.addEventListener("pointerleave", () => highlight(held));
    }

    for (const side of ["source", "target"]) {
      words[side].forEach((word, index) => {
        const focus = {[side]: index};
        word.tabIndex = index === 0 ? 0 : -1;  // one stop per side; the arrow keys do the rest
        listen(word, focus);
        listen(labels[side][index], focus);
        word.addEventListener("focus", () => {
          for (const other of words[side]) other.tabIndex = other === word ? 0 : -1;
          highlight(focus);
        });
        word.addEventListener("blur", () => highlight(held));
        word.addEventListener("keydown", event => move(event, side, index));
        word.addEventListener("click", () => {
          held = held[side] === index ? {} : focus;
          highlight(focus);
        });
      });
    }
    cells.forEach((row, target) => row.forEach((cell, source) => listen(cell, {source, target})));
    document.addEventListener("keydown", event => {
      if (event.key === "Escape") highlight(held = {});
    });
    for (const choice of [layer, head]) choice.addEventListener("change", show);
    new ResizeObserver(draw).observe(links);
    for (const part of document.querySelectorAll("#links, #status")) part.hidden = false;
    document.getElementById("heads").hidden = layer.type === "hidden" && head.type === "hidden";
    show();
    """#
