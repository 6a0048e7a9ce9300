import { type RefusedError } from '@fedistl/client';

/** Whether a refusal says that the site itself is not let in, or not now, whatever it asks: the round is not to blame. */
export function isAboutSite({ code }: RefusedError): boolean {
  return /^(?:ACCESS|LOGIN|SITE|RATE|HTTP|INTERNAL)\./.test(code);
}
