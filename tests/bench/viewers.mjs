// What is measured in turn: builds of this viewer, and the pages of its peers.

/** The working tree's build: what every figure is about. */
export const OURS = "this viewer";

/** A build of this viewer, served below `/FOLDER/`. */
export const build = (name, folder) => ({
  name,
  folder,
  isBuild: true,
  /** The address at which it opens the data at `src` by one of its routes, `history` or `log`. */
  address: (origin, route, src) =>
    `${origin}/${folder}/index.html#/${route}?src=${encodeURIComponent(src)}`,
});

/** The page of a peer, `/peers/PAGE.html`. */
export const peer = (name, page) => ({
  name,
  page,
  isBuild: false,
  address: (origin, _, src) => `${origin}/peers/${page}.html?src=${encodeURIComponent(src)}`,
});
