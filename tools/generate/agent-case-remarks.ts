/** Cases that no test of `npm test` can show, with the reason; and what is to be known about one that a test shows. */
export const remarks: Readonly<Record<number, string>> = {};
