// The moments of a training, one after the other.

const playButton = document.getElementById("play");
const frameTime = 400;  // milliseconds that a moment is seen
let playing = null;

function renderReplay(fields) {
  const {moments} = trace, isReplay = moments.length > 1;
  for (const part of [fields.moment.closest("label"), playButton]) part.hidden = !isReplay;
  if (!isReplay) return;
  fields.moment.max = moments.length - 1;
  fields.moment.value = state.moment;
  const text = `${moments[state.moment]} of ${moments.at(-1)}`;
  fields.moment.setAttribute("aria-valuetext", `update ${text}`);
  document.getElementById("moment-text").textContent = text;
}

// From the moment that is seen, or from the first if it is the last.
function startReplay() {
  change({moment: state.moment < trace.moments.length - 1 ? state.moment : 0});
  playing = setInterval(() => {
    if (state.moment + 1 >= trace.moments.length - 1) stopReplay();
    change({moment: state.moment + 1});
  }, frameTime);
  showPlaying();
}

function stopReplay() {
  clearInterval(playing);
  playing = null;
  showPlaying();
}

function showPlaying() {
  playButton.setAttribute("aria-pressed", playing !== null);
  playButton.textContent = playing === null ? "▶ Play" : "❚❚ Pause";
}

playButton.addEventListener("click", () => playing === null ? startReplay() : stopReplay());
