/** Seals short texts under the hub's key, so that the database never has them in the clear. */
export interface SecretBox {
  /** `purpose` is bound to the sealed text: it opens only for the same one. */
  seal(text: string, purpose: string): string;
  open(sealed: string, purpose: string): string;
}

export const SECRET_BOX = Symbol('SecretBox');
