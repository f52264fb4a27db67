// Two traces side by side: each has the page of a trace in a frame of its own, and what is done in one is done in the other.

const inspector = document.getElementById("inspector").textContent;
const head = document.querySelector("meta[http-equiv]").outerHTML + document.querySelector("style").outerHTML;
const isLinked = document.querySelector("input[name=linked]");
const waiting = new Set();
let fragments = fragmentsOf(location.hash);

const frames = [...document.querySelectorAll("template")].map(({dataset: {title}, innerHTML}) => Object.assign(
  document.createElement("iframe"), {
    title, srcdoc: `<!DOCTYPE html><html lang="en"><head>${head}</head><body>${innerHTML}`
      + `<script type="module">${inspector}<\/script></body></html>`,
  }));

// The view of either side, and whether they go apart, as the address has them.
function fragmentsOf(hash) {
  const [first = "", second = "", apart] = hash.slice(1).split(";");
  isLinked.checked = apart !== "apart";
  return [`#${first}`, `#${second}`];
}

function remember() {
  const parts = [...fragments.map(fragment => fragment.slice(1)), ...isLinked.checked ? [] : ["apart"]];
  history.replaceState(null, "", `#${parts.join(";")}`);
}

function otherThan(frame) { return 1 - frames.indexOf(frame); }

// What the frames ask and say.
window.pairing = {
  fragment: frame => fragments[frames.indexOf(frame)],
  changed(frame, fragment, pinned) {
    const other = otherThan(frame);
    fragments[1 - other] = fragment;
    if (isLinked.checked) fragments[other] = frames[other].contentWindow.inspector?.follow(fragment, pinned) ?? fragments[other];
    remember();
  },
  pointed(frame, tokens) {
    if (isLinked.checked) frames[otherThan(frame)].contentWindow.inspector?.point(tokens);
  },
  ready(frame) {
    waiting.delete(frame);
    if (waiting.size === 0) document.documentElement.dataset.ready = "true";
  },
};

isLinked.addEventListener("change", remember);
window.addEventListener("hashchange", () => {
  fragments = fragmentsOf(location.hash);
  frames.forEach((frame, place) => frame.contentWindow.inspector?.show(fragments[place]));
});

for (const frame of frames) waiting.add(frame);
document.getElementById("pairing").hidden = false;
document.querySelector("main").replaceChildren(...frames);
