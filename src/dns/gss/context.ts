/** Where the Kerberos ticket comes from. */
export interface GssCredential {
  /**
   * A keytab file of one account (Linux). Default: the account that runs the command, i.e. its credential cache on
   * Linux; on Windows its own logon session, which for a service is that of the gMSA or of the computer.
   */
  readonly keytab?: string;
}

/** Opens security contexts by the machine's own library: GSS-API (RFC 2743) on Linux, SSPI on Windows. */
export interface GssLibrary {
  /**
   * Begins a context as initiator: with mutual authentication, replay detection and integrity, without delegation.
   * @param principal of the server: `DNS/dc1.example.com`, with or without `@REALM`
   * @throws FailoverError GssTicketMissing, GssFailed
   */
  open(principal: string, credential: GssCredential): Promise<GssContext>;
}

/** One security context with one server. Released by `close`, whatever happened before. */
export interface GssContext {
  /**
   * The next step of the negotiation; may ask the KDC, never on the event loop's thread.
   * @param token what the server answered; none at the first step
   * @returns the token for the server, where there is one, and whether the context is established on this side
   * @throws FailoverError GssTicketMissing, GssServerNotFound, GssRejected, DnsClockSkew, GssFailed
   */
  step(token?: Buffer): Promise<GssStep>;
  /** The message integrity code of a message (GSS_GetMIC, MakeSignature). @throws FailoverError GssFailed */
  sign(message: Buffer): Buffer;
  /** Whether the code is the other side's for this message (GSS_VerifyMIC, VerifySignature); a replay is not. */
  verify(message: Buffer, code: Buffer): boolean;
  close(): Promise<void>;
}

export interface GssStep {
  readonly token?: Buffer;
  readonly established: boolean;
}
