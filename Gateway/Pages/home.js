"use strict";
// Everything shown comes in as text, never as markup.
const cell = (row, text, href) => {
  const td = row.insertCell();
  if (href) { const a = document.createElement("a"); a.href = href; a.textContent = text; td.append(a); } else { td.textContent = text; }
};
const show = async (place, address, columns) => {
  const answer = await fetch(address);
  if (!answer.ok) { return; }
  const { items } = await answer.json();
  if (items.length === 0) { return; }
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const [title] of columns) { const th = document.createElement("th"); th.scope = "col"; th.textContent = title; head.append(th); }
  const body = table.createTBody();
  for (const item of items) {
    const row = body.insertRow();
    for (const [, text, href] of columns) { cell(row, text(item) ?? "–", href?.(item)); }
  }
  document.getElementById(place).replaceChildren(table);
};
const time = value => value.slice(0, 19).replace("T", " ") + " Z"; // UTC; a phone breaks the line between day and time.
const angle = value => value.toFixed(3) + "°";
const refresh = async () => {
  const ready = document.getElementById("ready");
  try {
    const health = await fetch("/health/ready");
    ready.textContent = health.ok ? "All parts are ready." : "Not all parts are ready: see Health.";
    await show("bursts", "/api/v1/bursts?limit=5", [
      ["burst", b => b.id, b => b.links.self], ["status", b => b.status],
      ["position", b => b.best && `${angle(b.best.ra)} ${angle(b.best.dec)} (${b.best.instrument})`], ["first heard", b => time(b.firstHeard)]]);
    await show("notices", "/api/v1/notices?limit=5", [
      ["notice", n => n.id, n => n.links.voEvent], ["state", n => n.state], ["decided", n => time(n.decided)]]);
  } catch { ready.textContent = "The platform does not answer."; }
};
refresh();
setInterval(refresh, 5000);
