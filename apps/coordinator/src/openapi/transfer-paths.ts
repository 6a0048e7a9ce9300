const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const error = {
  description: 'refused',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};
const security = [{ person: [] }, { site: [] }];
const hash = { name: 'hash', in: 'path', required: true, schema: { type: 'string', pattern: '^[0-9a-f]{64}$' } };
const upload = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const header = (name: string, example: string) => ({
  name,
  in: 'header',
  required: true,
  schema: { type: 'string' },
  example,
});
const tus = header('Tus-Resumable', '1.0.0');

/** Transfers of bytes, which are no JSON calls: blobs (RFC 9110, ranges) and uploads (tus 1.0). */
export const transferPaths: Record<string, unknown> = {
  '/blobs/{hash}': {
    get: {
      operationId: 'downloadBlob',
      summary: 'Bytes of a blob, whole or one range',
      security,
      parameters: [
        hash,
        { name: 'Range', in: 'header', required: false, schema: { type: 'string' }, example: 'bytes=1024-' },
      ],
      responses: {
        200: { description: 'the whole blob', content: bytes },
        206: { description: 'one range of it', content: bytes },
        304: { description: 'the caller has it' },
        default: error,
      },
    },
    head: {
      operationId: 'sizeBlob',
      summary: 'Size of a blob',
      security,
      parameters: [hash],
      responses: { 200: { description: 'its size in Content-Length' }, default: error },
    },
  },
  '/uploads': {
    post: {
      operationId: 'createUpload',
      summary: 'Begin an upload: metadata sha256, purpose (update or model), and studyId for an update',
      security,
      parameters: [tus, header('Upload-Length', '87000000'), header('Upload-Metadata', 'sha256 ...,purpose dXBkYXRl')],
      responses: { 201: { description: 'begun; Location is its address' }, default: error },
    },
  },
  '/uploads/{id}': {
    head: {
      operationId: 'uploadOffset',
      summary: 'Where an upload stands, in Upload-Offset',
      security,
      parameters: [upload, tus],
      responses: { 200: { description: 'its offset' }, default: error },
    },
    patch: {
      operationId: 'appendUpload',
      summary: 'Go on with an upload; with its last byte its hash is checked and it becomes a blob',
      security,
      parameters: [upload, tus, header('Upload-Offset', '0')],
      requestBody: {
        required: true,
        content: { 'application/offset+octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
      responses: { 204: { description: 'taken; Upload-Offset says how far' }, default: error },
    },
    delete: {
      operationId: 'abandonUpload',
      summary: 'Give an upload up',
      security,
      parameters: [upload, tus],
      responses: { 204: { description: 'removed' }, default: error },
    },
  },
};
