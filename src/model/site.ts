/**
 * What an IIS site is, in IIS's own terms
 * (https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/site/).
 */
export interface Site {
  /** Unique without regard to case. */
  readonly name: string;
  /** Unique; names the W3SVC<id> log folder. */
  readonly id: number;
  readonly serverAutoStart: boolean;
  readonly bindings: readonly Binding[];
  readonly applications: readonly Application[];
  /** Line of the configuration file at which the site element starts, from 1. */
  readonly line: number;
}

export interface Binding {
  /** `http`, `https`, `ftp`, `net.tcp`, … */
  readonly protocol: string;
  /** As written: `address:port:hostname` for http, https and ftp, protocol-specific for others. */
  readonly bindingInformation: string;
  /** 1 SNI, 2 central certificate store, 4 no HTTP/2, 8 no OCSP stapling, 16 no QUIC, 32 no TLS 1.3, 64 no legacy TLS. */
  readonly sslFlags: number;
  /** The parts of `address:port:hostname`; undefined for protocols with another form. */
  readonly endpoint: BindingEndpoint | undefined;
}

export interface BindingEndpoint {
  /** `*`, an IPv4 address, or an IPv6 address without brackets. */
  readonly address: string;
  readonly port: number;
  /** Empty where the binding takes every host name. */
  readonly hostName: string;
}

export interface Application {
  /** `/` for the root application. */
  readonly path: string;
  /** The pool it runs in, found by attribute, site's and server's applicationDefaults, then DefaultAppPool. */
  readonly applicationPool: string;
  readonly virtualDirectories: readonly VirtualDirectory[];
}

export interface VirtualDirectory {
  /** `/` for the application's root. */
  readonly path: string;
  /** As written, `%SystemDrive%` and other variables included. */
  readonly physicalPath: string;
  /** The account that reads the content, where it is not the visitor's own. */
  readonly userName: string | undefined;
}

export interface AppPool {
  readonly name: string;
  /** `v4.0`, `v2.0`, empty for no managed code; undefined where the defaults decide. */
  readonly managedRuntimeVersion: string | undefined;
  /** `Integrated` or `Classic`; undefined where the defaults decide. */
  readonly managedPipelineMode: string | undefined;
  /** processModel's identityType; undefined where the defaults decide. */
  readonly identityType: string | undefined;
  readonly userName: string | undefined;
}

/** Where a part of a site's content lies. */
export interface ContentRoot {
  /** Path of the application, `/` for the root application. */
  readonly application: string;
  /** Path of the virtual directory within its application. */
  readonly virtualDirectory: string;
  /** As written in the configuration, variables included. */
  readonly physicalPath: string;
}

/** The form in which names of sites and pools are compared: IIS takes no regard of case. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}
