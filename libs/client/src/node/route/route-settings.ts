/** How connections are to leave this machine. Empty members are null. */
export interface RouteSettings {
  /** Address of the forward proxy; `none` takes none whatever the environment says; null leaves it to the conventions. */
  readonly proxy: string | null;
  /** A file `user:password`, mode 0600. */
  readonly proxyCredentialsFile: string | null;
  /** Hosts that are reached without the proxy, with commas between; null leaves it to the conventions. */
  readonly noProxy: string | null;
  /** Certificates in PEM that are trusted beside those that Node knows. */
  readonly caFile: string | null;
}

/** The name of each in the environment of the node and of the command. */
export const ROUTE_VARIABLES: Readonly<Record<keyof RouteSettings, string>> = {
  proxy: 'FEDISTL_PROXY',
  proxyCredentialsFile: 'FEDISTL_PROXY_CREDENTIALS_FILE',
  noProxy: 'FEDISTL_NO_PROXY',
  caFile: 'FEDISTL_CA_FILE',
};

/** What other programs of a machine go by too. They count where the own settings are silent. */
export interface RouteConventions {
  /** `HTTPS_PROXY`: for https addresses. */
  readonly httpsProxy: string | null;
  /** `HTTP_PROXY`: for http addresses. */
  readonly httpProxy: string | null;
  /** `NO_PROXY`. */
  readonly noProxy: string | null;
  /** `NODE_EXTRA_CA_CERTS`, which Node itself reads; named here because a list of our own replaces all that Node knows. */
  readonly extraCaFile: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The conventional variables, capitals first; an empty one is none. */
export function routeConventions(environment: Environment): RouteConventions {
  const either = (name: string): string | null => given(environment, name) ?? given(environment, name.toLowerCase());
  return {
    httpsProxy: either('HTTPS_PROXY'),
    httpProxy: either('HTTP_PROXY'),
    noProxy: either('NO_PROXY'),
    extraCaFile: given(environment, 'NODE_EXTRA_CA_CERTS'),
  };
}

/** The own settings as they stand in the environment. */
export function routeSettings(environment: Environment): RouteSettings {
  return {
    proxy: given(environment, ROUTE_VARIABLES.proxy),
    proxyCredentialsFile: given(environment, ROUTE_VARIABLES.proxyCredentialsFile),
    noProxy: given(environment, ROUTE_VARIABLES.noProxy),
    caFile: given(environment, ROUTE_VARIABLES.caFile),
  };
}

function given(environment: Environment, name: string): string | null {
  const value = environment[name];
  return value === undefined || value === '' ? null : value;
}
