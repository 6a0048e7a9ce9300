import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ConnectedSites } from '../sockets/connected-sites';

/** Prometheus metrics of one coordinator process. Each has a registry of its own, so that several may run in one process. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'fedistl_http_request_seconds',
    help: 'Time from a request to the end of its answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
    registers: [this.registry],
  });

  readonly uploadedBytes = new Counter({
    name: 'fedistl_upload_bytes_total',
    help: 'Bytes that became blobs, by purpose',
    labelNames: ['purpose'],
    registers: [this.registry],
  });

  readonly refusedUploads = new Counter({
    name: 'fedistl_uploads_refused_total',
    help: 'Uploads that were refused, by code',
    labelNames: ['code'],
    registers: [this.registry],
  });

  readonly downloadedBytes = new Counter({
    name: 'fedistl_download_bytes_total',
    help: 'Bytes of blobs that were sent',
    registers: [this.registry],
  });

  readonly events = new Counter({
    name: 'fedistl_events_total',
    help: 'Changes that were announced, by type',
    labelNames: ['type'],
    registers: [this.registry],
  });

  constructor(connected: ConnectedSites) {
    collectDefaultMetrics({ register: this.registry, prefix: 'fedistl_' });
    new Gauge({
      name: 'fedistl_sites_connected',
      help: 'Sites with an open socket at this process',
      registers: [this.registry],
      collect() {
        this.set(connected.size);
      },
    });
  }

  /** Middleware that measures every request under its route's pattern: names and hashes would make endless series. */
  readonly observe = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const end = this.requests.startTimer();
    response.once('close', () => {
      end({ method: request.method ?? '', route: routeOf(request), status: String(response.statusCode) });
    });
    next();
  };
}

/** Express notes the matched route on the request; what matched none is one series. */
function routeOf(request: IncomingMessage & { route?: unknown; baseUrl?: unknown }): string {
  const { route, baseUrl } = request;
  if (typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string')
    return route.path;
  return typeof baseUrl === 'string' && baseUrl !== '' ? baseUrl : 'none';
}
