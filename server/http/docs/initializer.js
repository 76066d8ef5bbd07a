// Runs in the browser: shows the document of this very server, beside this page, and asks no other host anything.
globalThis.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  // Of a model: its name and description first, its fields when asked.
  defaultModelsExpandDepth: 0,
  // Swagger's own host would be sent the address of the document.
  validatorUrl: null,
});
