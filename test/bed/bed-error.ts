/** Why a bed could not be built or started, in words for the person who ran the command. */
export class BedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BedError';
  }
}
