// The numbers of the board come as a message of their own; what came last is kept here.

/** @type {{part: any, listeners: Set<() => void>}} the part of the layer that came last, and who wants to hear of a new one */
export const carried = { part: null, listeners: new Set() };
