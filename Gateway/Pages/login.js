"use strict";
const key = "svom.token";
const state = document.getElementById("state");
const leave = document.getElementById("leave");
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  sessionStorage.setItem(key, given);
  history.replaceState(null, "", location.pathname); // The token leaves the address, and so the history.
}
const tell = async () => {
  const token = sessionStorage.getItem(key);
  leave.hidden = !token;
  if (!token) { return; }
  const answer = await fetch("/api/v1/access", { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok && answer.status !== 401) { state.textContent = "The platform cannot say now; the token is kept."; return; }
  const who = answer.ok ? await answer.json() : { name: null };
  state.textContent = who.name ? `Logged in as ${who.name} (${who.roles.join(", ")}).` : "The platform does not know this token.";
  if (!who.name) { sessionStorage.removeItem(key); leave.hidden = true; }
};
leave.addEventListener("click", () => { sessionStorage.removeItem(key); leave.hidden = true; state.textContent = "The token is forgotten."; });
tell();
