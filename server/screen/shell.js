/** What screens build on, in one place. `app.js` explains how the parts work together. */

export { Problem, eventTimeNow, isOffline, newRequestId, online, request } from "./api.js";
export { confirm, dialog } from "./dialog.js";
export { deliver as scanAsIf } from "./dispatch.js";
export { h } from "./element.js";
export { announce } from "./feedback.js";
export { addressOf, go, goInPlace } from "./router.js";
export { Screen } from "./screen.js";
export { may, me } from "./session.js";
export { day, language, number, reasonWords, since, spoken, t, time } from "./words.js";
