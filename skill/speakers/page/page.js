// The speaker page: what somebody types or taps goes to POST /talk, and what comes back is shown and spoken.
// The session lives here and nowhere else: a reload begins a new one, as a speaker does that was unplugged.

import { Voice, pieces } from "./voice.js";

/** Milliseconds after which a turn counts as lost. */
const PATIENCE = 15_000;
/** Milliseconds for which help that was only spoken can still be shown. */
const HELD_FOR = 120_000;
const DOING = {
  ready: "Ready",
  thinking: "Thinking",
  speaking: "Speaking",
  listening: "Listening",
  closed: "Closed",
};

const $ = (id) => document.getElementById(id);
const log = $("log");
const form = $("form");

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
const place = whereabouts();
const voice = new Voice(place.locale, show);

let sitting = null;
let open = false;
let begun = false;
let busy = false;
/** Whether somebody pressed Enter while the turn before was under way. */
let eager = false;
let muted = kept("voice") === "off";
/** The last answer, to be heard again; never one that is private. */
let last = null;
/** Help that was only spoken: {note, list, timer}. It is in no element and in no storage. */
let held = null;
let ownListener = kept("listener");

$("open").parentElement.hidden = ownListener === null;
$("voice").addEventListener("click", () => {
  muted = !muted;
  keep("voice", muted ? "off" : "on");
  if (muted) voice.stop();
  show();
});
$("again").addEventListener("click", (event) => tapped(event, again));
$("stop").addEventListener("click", (event) => tapped(event, stop));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = $("words").value.trim();
  if (busy) {
    eager = true;
  } else if (words) {
    $("words").value = "";
    say(words);
  }
});
for (const part of [$("opening"), $("choices")]) {
  part.addEventListener("click", (event) => {
    const words = event.target.closest("button")?.dataset.say;
    // The second half of a double click would answer the next question, whose choices stand in the same place.
    if (words && event.detail < 2) tapped(event, () => say(words));
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") voice.stop();
});
// A page that is left may come back from the browser's memory as it was.
window.addEventListener("pagehide", () => {
  voice.stop();
  if (log.querySelector(".private")) clear();
  release();
});
if (matchMedia("(hover: hover) and (pointer: fine)").matches) $("words").focus({ preventScroll: true });
show();

/** Do what a button stands for; where it was pressed by key and goes away, the keyboard goes on at a useful place. */
async function tapped(event, act) {
  const byKey = event.target.closest("button")?.matches(":focus-visible");
  const among = $("choices").contains(event.target);
  await act();
  const lost = !document.activeElement || document.activeElement === document.body || document.activeElement.disabled;
  if (byKey && lost) {
    (among && !$("choices").hidden ? $("answers").firstElementChild : $("words")).focus();
  }
}

/** Hold one turn: send `words`, show them and the answer. */
async function say(words) {
  if (busy) return;
  busy = begun = true;
  voice.stop();
  voice.wake();
  release();
  for (const old of log.querySelectorAll(".trouble")) old.remove();
  $("opening").hidden = true;
  const line = add("said", "You said", [words]);
  reveal(line);
  const slow = setTimeout(show, 200);
  let answer = null;
  try {
    answer = await send({ say: words });
  } catch (error) {
    lose(words, line, error);
  } finally {
    clearTimeout(slow);
    busy = false;
  }
  if (answer) take(answer, line);
  show();
  const more = answer && eager;
  eager = false;
  if (more) form.requestSubmit();
}

async function send(turn) {
  const response = await fetch("/talk", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...turn, listener: listener(), timezone: zone, locale: place.locale, sitting }),
    signal: AbortSignal.timeout(PATIENCE),
    credentials: "omit",
    cache: "no-store",
  });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response.json();
}

/** Show and speak an answer to what stands in `line`. */
function take(answer, line) {
  sitting = answer.sitting;
  open = answer.session_open;
  const list = pieces(answer.ssml, answer.speech);
  ask(answer.question);
  if (answer.private) {
    help(list, line);
  } else {
    last = list;
    const texts = list.map((piece) => piece.text);
    const spoken = add("heard", "Healthy Bonds", texts, answer.topic);
    if (answer.card) spoken.append(card(answer.card));
    if (!muted && voice.there) voice.speak(list);
  }
  if (!open) log.append(element("p", "end", "It has stopped listening. Your next words start afresh."));
  reveal(line.isConnected ? line : log.lastElementChild);
}

/** Give help that nobody else should see: by voice alone where there is one, and without the words that led to it. */
async function help(list, line) {
  line.remove();
  last = null;
  // Another box, so that "undo" can't bring the words back.
  const box = $("words");
  const focused = document.activeElement === box;
  const unsent = box.value;
  box.replaceWith(box.cloneNode());
  $("words").value = unsent;
  if (focused) $("words").focus();
  if (!place.sure) {
    const rate = list.at(-1)?.rate ?? 1;
    list.push({ text: `These numbers are for ${place.name}. Elsewhere, call your local emergency number.`, rate, pause: 0 });
  }
  if (muted || !voice.there) {
    reveal(showHelp(list));
    return;
  }
  const note = element("div", "line note");
  note.append(element("p", "", "That answer was only spoken."), button("Show it", () => {
    release();
    reveal(showHelp(list));
  }), button("Clear the screen", clear));
  log.append(note);
  held = { note, timer: setTimeout(release, HELD_FOR) };
  if ((await voice.speak(list)) === "failed" && held?.note === note) {
    release();
    reveal(showHelp(list));
  }
}

function showHelp(list) {
  const shown = add("heard private", "Healthy Bonds", list.map((piece) => piece.text));
  shown.append(button("Clear the screen", clear));
  return shown;
}

/** Let go of help that was only spoken. */
function release() {
  if (!held) return;
  clearTimeout(held.timer);
  held.note.remove();
  held = null;
}

/** Empty the page at once, as if nobody had been here. */
function clear() {
  voice.stop();
  release();
  log.replaceChildren();
  sitting = last = null;
  open = begun = false;
  ask(null);
  $("words").value = "";
  $("opening").hidden = false;
  window.scrollTo(0, 0);
  $("words").focus();
  show();
}

/** Say that a turn was lost, give its words back, and offer a way on. */
function lose(words, line, error) {
  line.remove();
  const box = $("words");
  if (!box.value) box.value = words;
  const unreachable = error instanceof TypeError || error.name === "TimeoutError";
  const what = unreachable ? "I can't reach the speaker. Is it still running?" : "Something went wrong at the speaker.";
  const trouble = element("div", "line trouble");
  trouble.append(element("p", "", `${what} Your words are still in the box below.`), button("Try again", () => {
    if (box.value.trim() === words) box.value = "";
    say(words);
  }));
  log.append(trouble);
  reveal(trouble);
}

/** Offer the choices of an open question; none where `question` is null. */
function ask(question) {
  const group = $("choices");
  const within = group.contains(document.activeElement);
  const lettered = question?.choices.length > 2;
  const buttons = (question?.choices ?? []).map((choice, index) => {
    const made = element("button", "choice");
    made.type = "button";
    made.dataset.say = choice;
    if (lettered) made.append(element("span", "letter", "ABCDEFGHIJ"[index]), " ");
    made.append(element("span", "words", choice.replace(/\bi\b/g, "I")));
    return made;
  });
  $("answers").replaceChildren(...buttons);
  $("answers").className = lettered ? "many" : "two";
  $("asked").textContent = question ? `Question ${question.number}` : "";
  group.hidden = !question;
  if (within && group.hidden) document.activeElement?.blur();
}

async function again() {
  if (open) await say("Say it again");
  else if (last) voice.speak(last);
}

async function stop() {
  voice.stop();
  if (open) await say("Stop");
}

/** Add a line to the conversation; `who` is heard by screen readers, `topic` is seen above. */
function add(kind, who, texts, topic = null) {
  const line = element("div", `line ${kind}`);
  line.append(element("span", "unseen", `${who}: `));
  if (topic) line.append(element("p", "topic", topic), " ");
  for (const text of texts) line.append(element("p", "", text), " ");
  log.append(line);
  return line;
}

function card({ title, text }) {
  const made = element("div", "card");
  made.append(element("p", "title", title ?? ""));
  for (const part of (text ?? "").split("\n").filter((part) => part && part !== title)) {
    const row = element("p", "");
    if (/^https:\/\/\S+$/.test(part)) {
      const link = element("a", "", part);
      link.href = part;
      link.target = "_blank";
      link.rel = "noreferrer";
      row.append(link);
    } else {
      row.textContent = part;
    }
    made.append(row);
  }
  return made;
}

function button(text, act) {
  const made = element("button", "plain", text);
  made.type = "button";
  made.addEventListener("click", (event) => tapped(event, act));
  return made;
}

function element(name, kind, text = null) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text !== null) made.textContent = text;
  return made;
}

/** Bring an exchange into view from its beginning; an open question comes with its choices, however long it is. */
function reveal(line) {
  if ($("choices").hidden) line?.scrollIntoView({ block: "start" });
  else $("choices").scrollIntoView({ block: "end" });
}

/** Show how things stand: the state, the buttons that make sense, the switch. */
function show() {
  const state = busy ? "thinking" : voice.speaking ? "speaking" : open ? "listening" : begun ? "closed" : "ready";
  document.body.dataset.state = state;
  $("doing").textContent = DOING[state];
  const within = document.activeElement;
  $("again").disabled = !(open || (last && voice.there && !muted));
  $("stop").disabled = !(open || voice.speaking);
  $("voice").hidden = !voice.there;
  $("voice").setAttribute("aria-checked", String(!muted));
  if (within?.disabled && within.matches(":focus-visible")) $("words").focus();
}

/**
 * The locale to speak in: that of the country whose time zone this is, since help has other numbers elsewhere, and
 * a browser's language says little about where it stands. `sure` is false where it is only a guess.
 */
function whereabouts() {
  const locales = document.documentElement.dataset.locales.split(" ").filter(Boolean);
  const zones = (locale) => locale.getTimeZones?.() ?? locale.timeZones ?? [];
  const here = locales.find((locale) => zones(new Intl.Locale(locale)).includes(zone));
  const locale = here ?? locales.find((locale) => locale === navigator.language) ?? "en-US";
  const name = new Intl.DisplayNames(["en"], { type: "region" }).of(locale.split("-")[1]);
  const article = ["US", "GB"].includes(locale.split("-")[1]) ? "the " : "";
  return { locale, name: article + name, sure: here !== undefined };
}

/** The random id by which the speaker remembers this browser, made when it is first needed. */
function listener() {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(ownListener ?? "")) {
    ownListener = randomUUID();
    keep("listener", ownListener);
  }
  return ownListener;
}

function randomUUID() {
  // Browsers have it only on https and on this machine itself.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Where storage is forbidden the page works as well, and remembers until it is closed.

function kept(name) {
  try {
    return localStorage.getItem(`healthy-bonds.${name}`);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(`healthy-bonds.${name}`, value);
  } catch {
    // See above.
  }
}
