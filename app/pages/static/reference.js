/* global SwaggerUIBundle */
// No validator badge: it would send the address of the API description to another host.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: false,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: ['get', 'post', 'put', 'patch', 'delete'],
  persistAuthorization: false
})
