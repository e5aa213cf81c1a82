// What the pages of all log peers share.

export const src = new URLSearchParams(location.search).get("src");
