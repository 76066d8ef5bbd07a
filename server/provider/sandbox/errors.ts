// Errors in OpenAI's shape.

export type ApiError = { status: number; message: string; param?: string; code?: string };

/** Thrown by a route, answered by the server. */
export class SandboxError extends Error {
  readonly status: number;
  readonly param: string | null;
  readonly code: string | null;

  constructor({ status, message, param, code }: ApiError) {
    super(message);
    this.status = status;
    this.param = param ?? null;
    this.code = code ?? null;
  }

  toResponse(): Response {
    const { message, param, code, status } = this;
    const type = status >= 500 ? 'server_error' : 'invalid_request_error';
    return Response.json({ error: { message, type, param, code } }, { status });
  }
}

export const refuse = (message: string, param?: string, code?: string) =>
  new SandboxError({ status: 400, message, ...(param ? { param } : {}), ...(code ? { code } : {}) });

export const missing = (message: string, param: string) =>
  new SandboxError({ status: 404, message, param, code: 'resource_not_found' });
