"use strict";
// The picture over the tables: the tables hold all content, the picture and the panel are views of them.
(() => {
  const element = (id) => document.getElementById(id);
  const data = JSON.parse(element("data").textContent);
  const [WIDTH, HEIGHT, STEP] = data.box;
  const READABLE = 0.62; // the smallest scale at which the text of a node can be read
  const drawn = data.nodes.filter((node) => !node.port); // a port is the side of a node, where lines end
  const things = new Map(drawn.map((node) => [node.id, node]));
  const lines = new Map(data.edges.map((edge) => [edge.id, edge]));
  const isThing = (id) => things.has(id);
  const row = element;
  const name = (id) => row(id).cells[0].textContent;

  const shown = { statuses: new Set(), kinds: new Set(), source: "", drug: "" };
  let seenThings = new Set(things.keys());
  let seenLines = new Set(lines.keys());
  let lit = null; // ids on the path of the chosen drug, or null
  let selected = null;

  // --- the picture ---------------------------------------------------------------------------------------------

  const isDim = (id) => lit !== null && !lit.has(id) && id !== selected;
  const isNear = (edge) => [edge.id, ...edge.between].includes(selected);
  const isLabelled = (edge) =>
    seenLines.has(edge.id) && (isNear(edge) || (lit === null ? edge.labelled : lit.has(edge.id)));
  const font = (size) => `${size}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;

  /** Trace the outline of a kind, given in half widths and half heights. */
  function trace(ctx, outline, x, y) {
    ctx.beginPath();
    outline.forEach(([across, down]) => ctx.lineTo(x + (across * WIDTH) / 2, y + (down * HEIGHT) / 2));
    ctx.closePath();
  }

  /** Draw a node as vis-network asks for custom shapes: its outline, and its lines of text inside. */
  function renderNode({ ctx, id, x, y, state, label }) {
    const drawNode = () => {
      const look = data.looks[things.get(id).kind];
      const dim = isDim(id);
      trace(ctx, look.outline, x, y);
      ctx.fillStyle = dim ? "#ffffff" : look.fill;
      ctx.fill();
      ctx.lineWidth = state.selected ? 4.5 : state.hover ? 3 : 1.8;
      ctx.strokeStyle = state.selected ? "#000000" : dim ? "#d0d0d0" : look.colour;
      ctx.stroke();
      ctx.fillStyle = dim ? "#9a9a9a" : "#1a1a1a";
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      const texts = label.split("\n");
      const size = [16, 15, 11][texts.length - 1];
      ctx.font = font(size);
      texts.forEach((text, number) => {
        ctx.fillText(text, x, y + (number - (texts.length - 1) / 2) * size * 1.12, WIDTH - 20);
      });
    };
    return { drawNode, nodeDimensions: { width: WIDTH, height: HEIGHT } };
  }

  const container = element("picture");
  element("controls").hidden = false;
  element("bar").hidden = false;
  element("stage").hidden = false;
  const [xs, ys] = ["x", "y"].map((axis) => drawn.map((node) => node[axis]));
  const extent = {
    left: Math.min(...xs, 0) - WIDTH / 2 - 20,
    right: Math.max(...xs, 0) + WIDTH / 2 + 20,
    top: Math.min(...ys, 0) - HEIGHT / 2 - 50,
    bottom: Math.max(...ys, 0) + HEIGHT / 2 + 20,
  };
  const [wide, high] = [extent.right - extent.left, extent.bottom - extent.top];
  const scale = Math.min(Math.max(container.clientWidth / wide, READABLE), 1.25);
  const most = container.clientWidth < 600 ? 0.7 * innerHeight : 1200;
  container.style.height = `${Math.round(Math.min(Math.max(high * scale, 320), most))}px`;

  data.options.nodes.ctxRenderer = renderNode;
  const nodes = new vis.DataSet(data.nodes);
  const edges = new vis.DataSet(data.edges);
  const network = new vis.Network(container, { nodes, edges }, data.options);
  const canvas = container.querySelector("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", container.dataset.label);
  const frame = canvas.parentElement;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "Picture: arrow keys move it, plus and minus zoom");

  // Without the Ctrl key the wheel scrolls the page, not the picture.
  container.addEventListener("wheel", (event) => event.ctrlKey || event.stopPropagation(), { capture: true });

  /** Write one line on white, no wider than its room. */
  function write(ctx, text, x, y, size, room, weight = "") {
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.font = `${weight} ${font(size)}`;
    const half = Math.min(ctx.measureText(text).width, room) / 2;
    ctx.fillStyle = "rgba(255, 255, 255, 0.9)";
    ctx.fillRect(x - half - 3, y - size * 0.65, 2 * half + 6, size * 1.3);
    ctx.fillStyle = "#1a1a1a";
    ctx.fillText(text, x, y, room);
  }

  /** The middle of a line, as vis-network bends it. */
  function middle(edge) {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
    const bend = edge.smooth?.roundness ?? 0;
    const turn = (edge.smooth?.type === "curvedCW" ? -1 : 1) * bend * Math.PI * 0.5;
    const [dx, dy, reach] = [to.x - from.x, to.y - from.y, 0.5 + bend / 2];
    const via = {
      x: from.x + reach * (dx * Math.cos(turn) - dy * Math.sin(turn)),
      y: from.y + reach * (dx * Math.sin(turn) + dy * Math.cos(turn)),
    };
    const beside = from.x === to.x ? 40 : 0; // of a column, not over its nodes
    return { x: (from.x + to.x + 2 * via.x) / 4 + beside, y: (from.y + to.y + 2 * via.y) / 4 };
  }

  // Labels of lines and the headings of columns, over all lines; the headings stay in sight.
  network.on("afterDrawing", (ctx) => {
    for (const edge of data.edges.filter(isLabelled)) {
      const { x, y } = middle(edge);
      write(ctx, edge.words, x, y, 13, edge.room);
    }
    const size = Math.min(15 / network.getScale(), 40);
    const y = Math.max(extent.top + 18, network.DOMtoCanvas({ x: 0, y: 0 }).y + size);
    for (const [x, text] of data.headings) write(ctx, text, x, y, size, WIDTH + 60, "bold");
  });

  /** Show the whole picture, or all of it that can be read from its top left corner. */
  function home(least) {
    const fit = Math.min(container.clientWidth / wide, container.clientHeight / high, 1.25);
    const scale = Math.max(fit, least);
    const half = { x: container.clientWidth / 2 / scale, y: container.clientHeight / 2 / scale };
    const across = half.x * 2 >= wide ? (extent.left + extent.right) / 2 : extent.left + half.x;
    network.moveTo({ position: { x: across, y: extent.top + half.y }, scale });
  }

  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });

  // --- filters, path, selection --------------------------------------------------------------------------------

  /** Decide what is visible, and bring picture, tables and counts to it. */
  function apply() {
    const source = shown.source === "" ? null : data.sources[shown.source];
    const hasKind = (id) => shown.kinds.has(things.get(id).kind);
    const isSeen = (edge) =>
      shown.statuses.has(edge.status) && (source === null || edge.sources.includes(source)) && edge.between.every(hasKind);
    const left = data.edges.filter(isSeen);
    seenLines = new Set(left.map((edge) => edge.id));
    const ends = new Set(left.flatMap((edge) => edge.between));
    seenThings = new Set(drawn.filter(({ id }) => hasKind(id) && (source === null || ends.has(id))).map(({ id }) => id));
    lit = shown.drug && seenThings.has(shown.drug) ? path(shown.drug) : null;
    if (selected && !seenThings.has(selected) && !seenLines.has(selected)) select(null);

    nodes.update(changes(nodes.get({ filter: (node) => !node.port }), (node) => ({ hidden: !seenThings.has(node.id) })));
    restyle();
    for (const id of [...things.keys(), ...lines.keys()]) {
      row(id).hidden = !(seenThings.has(id) || seenLines.has(id));
      row(id).classList.toggle("lit", lit !== null && lit.has(id));
    }
    const of = (part, all, word) => `${part.size} of ${all.size} ${word}`;
    element("count").textContent = `Shown: ${of(seenThings, things, "nodes")}, ${of(seenLines, lines, "edges")}.`;
  }

  /** The updates of those items that differ from what they should be. */
  function changes(items, wanted) {
    const differs = (item, want) => Object.keys(want).some((key) => (item[key] ?? false) !== want[key]);
    return items.map((item) => [item, wanted(item)]).filter(([item, want]) => differs(item, want))
      .map(([item, want]) => ({ id: item.id, ...want }));
  }

  /** Bring colours and labels of lines to what is lit and selected; nodes read it when they are drawn. */
  function restyle() {
    edges.update(changes(edges.get(), (edge) => {
      const dim = isDim(edge.id) && !isNear(edge);
      return { hidden: !seenLines.has(edge.id), color: dim ? "rgba(0, 0, 0, 0.06)" : lines.get(edge.id).color };
    }));
    network.redraw();
  }

  /** The ids on the ways from a drug back over kinases, receptors and cytokines to the case, and to its outcomes. */
  function path(drug) {
    const found = new Set([drug]);
    const seen = data.edges.filter(({ id }) => seenLines.has(id));
    const walk = (from, step) => {
      for (const edge of seen) {
        if (!edge.between.includes(from)) continue;
        const there = edge.between[edge.between[0] === from ? 1 : 0];
        if (Math.sign(things.get(there).layer - things.get(from).layer) !== step) continue;
        found.add(edge.id);
        if (found.has(there)) continue;
        found.add(there);
        walk(there, step);
      }
    };
    walk(drug, -1);
    walk(drug, 1);
    return found;
  }

  function inSight(thing) {
    const { x, y } = network.canvasToDOM(thing);
    return x > 0 && y > 0 && x < container.clientWidth && y < container.clientHeight;
  }

  /** Select a node or an edge, or nothing: mark it, bring it in sight and read it out in the panel. */
  function select(id, { centre = true, focus = false } = {}) {
    if (selected) row(selected).classList.remove("chosen");
    selected = id;
    network.unselectAll();
    read(id);
    restyle();
    if (!id) return;
    row(id).classList.add("chosen");
    network.setSelection({ nodes: isThing(id) ? [id] : [], edges: isThing(id) ? [] : [id] }, { highlightEdges: false });
    const ends = isThing(id) ? [things.get(id)] : lines.get(id).between.map((end) => things.get(end));
    if (centre && !(network.getScale() >= READABLE && ends.every(inSight))) {
      const mean = (axis) => ends.reduce((sum, end) => sum + end[axis], 0) / ends.length;
      network.moveTo({ position: { x: mean("x"), y: mean("y") }, scale: Math.max(network.getScale(), READABLE) });
    }
    if (focus) element("panel").querySelector("h2").focus();
  }

  // --- panel, search, controls ---------------------------------------------------------------------------------

  function make(tag, text, parent) {
    const made = document.createElement(tag);
    made.textContent = text;
    parent.append(made);
    return made;
  }

  function choose(id) {
    element("hits").replaceChildren();
    select(id, { focus: true });
  }

  /** A button that selects an item. */
  function pick(id, parent) {
    const button = make("button", name(id), parent);
    Object.assign(button, { type: "button", className: "pick", dir: "auto" });
    button.addEventListener("click", () => choose(id));
    return button;
  }

  const nothing = [...element("panel").childNodes].map((child) => child.cloneNode(true));

  /** Fill the panel with the row of an item: every cell under its heading, then the items next to it. */
  function read(id) {
    const panel = element("panel");
    panel.replaceChildren(...(id ? [] : nothing.map((child) => child.cloneNode(true))));
    if (!id) return;
    const title = make("h2", name(id), panel);
    Object.assign(title, { tabIndex: -1, dir: "auto" });
    const list = make("dl", "", panel);
    const headings = row(id).closest("table").tHead.rows[0].cells;
    [...row(id).cells].forEach((cell, number) => {
      if (number === 0 || cell.textContent.trim() === "") return;
      make("dt", headings[number].textContent, list);
      make("dd", "", list).append(...[...cell.childNodes].map((child) => child.cloneNode(true)));
    });
    const near = isThing(id)
      ? data.edges.filter((edge) => seenLines.has(edge.id) && edge.between.includes(id)).map((edge) => edge.id)
      : lines.get(id).between;
    if (near.length) make("h2", isThing(id) ? "Its edges" : "Between", panel);
    const items = make("ul", "", panel);
    for (const other of near) pick(other, make("li", "", items));
  }

  const GREEK = { α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", κ: "kappa", λ: "lambda", ω: "omega" };
  const fold = (text) =>
    text.normalize("NFKC").toLowerCase().replace(/[αβγδεκλω]/g, (letter) => GREEK[letter]).replace(/[\s\p{Pd}]+/gu, "");
  let folded = null; // id -> [its name, all of its row], made at the first search

  function search() {
    const wanted = fold(element("search").value);
    element("hits").replaceChildren();
    element("found").textContent = "";
    if (!wanted) return [];
    folded ??= new Map([...things.keys(), ...lines.keys()].map((id) => [id, [fold(name(id)), fold(row(id).textContent)]]));
    const place = (id) => (folded.get(id)[0] + wanted).indexOf(wanted); // a name that begins with it comes first
    const rank = (id) => Math.min(place(id), 1) + (folded.get(id)[0].includes(wanted) ? 0 : 1) + (isThing(id) ? 0 : 3);
    const found = [...seenThings, ...seenLines].filter((id) => folded.get(id)[1].includes(wanted));
    const hits = found.sort((one, other) => rank(one) - rank(other));
    for (const id of hits.slice(0, 9)) pick(id, make("li", "", element("hits")));
    const some = `${hits.length} found; Enter selects the first.`;
    element("found").textContent = hits.length ? some : "Nothing found among what is shown.";
    return hits;
  }

  const boxes = (kind) => [...document.querySelectorAll(`#controls input[name="${kind}"]`)];
  const ticked = (kind) => new Set(boxes(kind).filter((box) => box.checked).map((box) => box.value));

  /** Read the controls, and show what they say. */
  function update() {
    // Texts of the data are named by their number: HTML changes line ends in the values of attributes.
    const kinds = new Set([...ticked("kind")].map((number) => data.kinds[number]));
    Object.assign(shown, { statuses: ticked("status"), kinds });
    Object.assign(shown, { source: element("source").value, drug: element("drug").value });
    apply();
    if (selected) read(selected);
  }

  element("controls").addEventListener("submit", (event) => event.preventDefault());
  element("controls").addEventListener("change", (event) => {
    if (event.target.id === "search") return;
    update();
    if (event.target.id === "drug" && lit) select(shown.drug, { centre: false });
  });
  element("search").addEventListener("input", search);
  element("search").addEventListener("keydown", (event) => {
    const [first] = event.key === "Enter" ? search() : [];
    if (first) choose(first);
  });
  const box = element("search").parentElement;
  box.addEventListener("focusout", ({ relatedTarget }) => box.contains(relatedTarget) || element("hits").replaceChildren());
  element("all").addEventListener("click", () => {
    element("controls").reset();
    select(null);
    update();
    search();
    home(READABLE);
  });
  element("whole").addEventListener("click", () => home(0));
  element("in").addEventListener("click", () => zoom(1.3));
  element("out").addEventListener("click", () => zoom(1 / 1.3));
  network.on("click", ({ nodes: [thing], edges: [line] }) => select(things.get(thing)?.id ?? line ?? null, { centre: false }));
  addEventListener("beforeprint", () => home(0));

  for (const id of [...things.keys(), ...lines.keys()]) {
    const head = row(id).cells[0];
    const button = pick(id, document.createDocumentFragment());
    button.replaceChildren(...head.childNodes);
    head.replaceChildren(button);
  }
  element("controls").reset();
  home(READABLE);
  network.once("afterDrawing", () => {
    performance.mark("picture");
    setTimeout(() => {
      document.documentElement.classList.remove("drawing");
      update();
      performance.mark("ready");
    });
  });

  window.picture = Object.freeze({
    visible: () => [...nodes.get(), ...edges.get()].filter((item) => !item.hidden && !item.port).map((item) => item.id),
    labelled: () => data.edges.filter(isLabelled).map((edge) => edge.id),
    lit: () => lit && [...lit],
    selected: () => [...network.getSelectedNodes(), ...network.getSelectedEdges()],
    place: (id) => network.canvasToDOM(network.getPosition(id)),
    scale: () => network.getScale(),
    centre: () => network.getViewPosition(),
  });
})();
