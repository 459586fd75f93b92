/**
 * Sounds that are told apart without looking: ok, warning, stop, and one of its own for a double scan. Made here, so
 * nothing is loaded.
 */

/** @typedef {import("./feedback.js").Kind} Kind */

/** @typedef {{at: number, lasts: number, pitch: number, to?: number, shape: OscillatorType, loud: number}} Tone in seconds and hertz */

/** @type {Record<Kind, Tone[]>} */
const TONES = {
  information: [{ at: 0, lasts: 0.025, pitch: 2400, shape: "sine", loud: 0.08 }],
  ok: [{ at: 0, lasts: 0.1, pitch: 1760, shape: "sine", loud: 0.4 }],
  warning: [
    { at: 0, lasts: 0.13, pitch: 880, shape: "triangle", loud: 0.6 },
    { at: 0.19, lasts: 0.13, pitch: 880, shape: "triangle", loud: 0.6 },
  ],
  stop: [{ at: 0, lasts: 0.55, pitch: 196, shape: "sawtooth", loud: 0.6 }],
  double: [
    { at: 0, lasts: 0.07, pitch: 1320, to: 990, shape: "square", loud: 0.25 },
    { at: 0.09, lasts: 0.07, pitch: 1320, to: 990, shape: "square", loud: 0.25 },
    { at: 0.18, lasts: 0.07, pitch: 1320, to: 990, shape: "square", loud: 0.25 },
  ],
};

/** What a device in the hand does, in milliseconds of trembling and pause. @type {Partial<Record<Kind, number[]>>} */
const TREMBLES = { warning: [80, 60, 80], stop: [400], double: [40, 40, 40, 40, 40] };

const STORED = "packtree.sound";

/** @type {AudioContext | null} */
let audio = null;

/** Whether sounds are on; each device remembers it. */
export function isSoundOn() {
  return localStorage.getItem(STORED) !== "off";
}

/** @param {boolean} on */
export function setSound(on) {
  localStorage.setItem(STORED, on ? "on" : "off");
}

/** @param {Kind} kind */
export function play(kind) {
  const trembles = TREMBLES[kind];
  // Browsers allow both only after the first key or touch.
  if (trembles !== undefined && navigator.userActivation?.hasBeenActive) {
    navigator.vibrate?.(trembles);
  }
  if (!isSoundOn() || typeof AudioContext === "undefined") {
    return;
  }
  audio ??= new AudioContext();
  if (audio.state === "suspended") {
    void audio.resume();
  }
  for (const tone of TONES[kind]) {
    sound(audio, tone);
  }
}

/** @param {AudioContext} context @param {Tone} tone */
function sound(context, tone) {
  const begins = context.currentTime + tone.at;
  const ends = begins + tone.lasts;
  const source = context.createOscillator();
  const loudness = context.createGain();
  source.type = tone.shape;
  source.frequency.setValueAtTime(tone.pitch, begins);
  if (tone.to !== undefined) {
    source.frequency.linearRampToValueAtTime(tone.to, ends);
  }
  // A tone that begins or ends abruptly clicks.
  loudness.gain.setValueAtTime(0, begins);
  loudness.gain.linearRampToValueAtTime(tone.loud, begins + 0.005);
  loudness.gain.setValueAtTime(tone.loud, Math.max(begins + 0.005, ends - 0.02));
  loudness.gain.linearRampToValueAtTime(0, ends);
  source.connect(loudness).connect(context.destination);
  source.start(begins);
  source.stop(ends);
}
