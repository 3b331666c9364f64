/** What the hub calls itself in `/v1/system/version` and in the OpenAPI document. */
export const hubVersion = '0.1.0';
