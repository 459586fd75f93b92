/** Scanning with the camera of the device, where the browser can read barcodes by itself. */

import { dialog } from "../dialog.js";
import { deliver } from "../dispatch.js";
import { h } from "../element.js";
import { announce } from "../feedback.js";
import { t } from "../words.js";

/** @typedef {{detect: (image: HTMLVideoElement) => Promise<{rawValue: string}[]>}} Detector */

const FORMATS = ["data_matrix", "code_128", "qr_code", "itf", "ean_13"];
const LOOK_MILLISECONDS = 120;

/** @returns {(new (options: {formats: string[]}) => Detector) | null} */
function detector() {
  const found = Reflect.get(window, "BarcodeDetector");
  return typeof found === "function" && "mediaDevices" in navigator ? found : null;
}

/** Whether this browser reads barcodes by itself. */
export function hasCamera() {
  return detector() !== null;
}

/** Shows what the camera sees and takes the first code in it. */
export async function look() {
  const Detector = detector();
  if (Detector === null) {
    return;
  }
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    announce("stop", t("camera.none"), t("camera.none_sentence"));
    return;
  }
  const video = h("video", { class: "camera", playsinline: true, muted: true, "aria-label": t("camera.title") });
  video.srcObject = stream;
  await video.play();
  let timer = 0;
  const found = await dialog(t("camera.title"), (close) => {
    const eye = new Detector({ formats: FORMATS });
    timer = window.setInterval(async () => {
      const [code] = await eye.detect(video).catch(() => []);
      if (code !== undefined) {
        close(code.rawValue);
      }
    }, LOOK_MILLISECONDS);
    return video;
  });
  window.clearInterval(timer);
  for (const track of stream.getTracks()) {
    track.stop();
  }
  if (found !== null) {
    await deliver(found);
  }
}
