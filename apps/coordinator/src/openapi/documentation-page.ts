import { type Endpoint, endpoints } from '@fedistl/protocol';
import { wireSchema } from './openapi-document';

/** The API as one static page: no script, no outside resource, so that it reads within the strictest content policy. */
export function documentationPage(): string {
  const sections = Object.entries<Endpoint>(endpoints).map(([name, endpoint]) => section(name, endpoint));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>fedistl coordinator API</title>
<meta name="viewport" content="width=device-width"></head>
<body><h1>fedistl coordinator API</h1>
<p>Below <code>/api/v1</code>; as OpenAPI: <a href="openapi.json">openapi.json</a>. Errors answer
<code>{type, version, code, message, correlationId}</code>. Uploads speak tus 1.0, blobs HTTP ranges.</p>
${sections.join('\n')}
</body></html>
`;
}

function section(name: string, { method, path, summary, access, body, query, answer }: Endpoint): string {
  const who = [...(access.people ?? []), ...(access.site === undefined ? [] : [`${access.site} site`])];
  const parts = [
    `<h2 id="${name}"><code>${method} ${escaped(path)}</code></h2>`,
    `<p>${escaped(summary)}. For: ${who.length === 0 ? 'anyone' : escaped(who.join(', '))}.</p>`,
  ];
  if (query !== undefined) parts.push(details('query', query));
  if (body !== undefined) parts.push(details('body', body));
  parts.push(
    typeof answer === 'string' ? `<p>Answers <code>${escaped(answer)}</code>.</p>` : details('answer', answer),
  );
  return parts.join('\n');
}

function details(title: string, schema: Parameters<typeof wireSchema>[0]): string {
  const text = JSON.stringify(wireSchema(schema), null, 2);
  return `<details><summary>${title}</summary><pre>${escaped(text)}</pre></details>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
