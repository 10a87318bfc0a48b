// What is large travels as messages of their own, which Streamlit sends once: a small component carries them here.

const PARTS_KEPT = 6;

/** Return the page's parts of the network map: {messages: id → message, listeners}. */
function mapParts() {
  return (document[Symbol.for("network-map-parts")] ??= { messages: new Map(), listeners: new Set() });
}

/** What the carrier does: it keeps the newest parts and tells the map of them. */
function carryPart({ data }) {
  const part = decodeMessage(data);
  if (!part.id) return;
  const parts = mapParts();
  parts.messages.delete(part.id);
  parts.messages.set(part.id, part);
  while (parts.messages.size > PARTS_KEPT) parts.messages.delete(parts.messages.keys().next().value);
  for (const listener of parts.listeners) listener(part.id);
}
