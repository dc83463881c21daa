internal import AsyncHTTPClient
internal import FoundationEssentials
internal import HTTPTransport
internal import LinuxSystem
internal import NIOSSL
internal import Synchronization
internal import Time

/// The credentials of calls, read afresh before they get old: certificates, tokens and the kubeconfig itself are
/// replaced while they are in use.
final class ClientCredentials: Sendable {
  /// How old a token that was read from a file may get.
  private static let tokenAge = Duration.seconds(60)
  /// How long the kubeconfig and files of certificates go without a look at them.
  private static let certificateAge = Duration.seconds(10)
  /// How long a renewal that failed is left alone.
  private static let pauseAfterFailure = Duration.seconds(1)

  private struct State {
    /// As the kubeconfig said when it was last read and good.
    var access: ClusterAccess
    /// Why the kubeconfig is not in force as it is now.
    var remark: String?
    var pass: ClientPass
    var tls: TLSFiles
    /// Nil for always.
    var freshUntil: Instant?
    /// Nil for none, or for one that does not say.
    var plugInEndsAt: Instant?
    /// An exec plug-in has run; or there is none.
    var isComplete: Bool
    var renewal: Task<Result<ClientPass, AccessFault>, Never>?
    var failure: (fault: AccessFault, until: Instant)?
  }
  private let state: Mutex<State>

  init(_ access: ClusterAccess) throws(AccessFault) {
    let tls = try TLSFiles(access, certificate: nil)
    let pass = ClientPass(
      number: 1, clients: try Self.clients(access, tls), authorization: try Self.header(access))
    state = Mutex(
      State(
        access: access, pass: pass, tls: tls, freshUntil: Self.freshUntil(access),
        plugInEndsAt: nil,
        isComplete: access.execPlugIn == nil))
  }

  /// What the words about a failure on the way need.
  func peer(longestAnswer: Int) -> TransportPeer {
    let access = state.withLock { $0.access }
    return TransportPeer(
      name: "a Kubernetes API server", longestAnswer: longestAnswer,
      authority: access.authority == .system
        ? nil : access.authorityFile ?? "certificate-authority-data",
      certificate: state.withLock { $0.tls.chain } == nil
        ? nil : access.user.certificate?.chain.file ?? "client-certificate-data")
  }

  /// What to make a call with.
  func pass(until deadline: Instant, action: String) async throws(APIFailure) -> ClientPass {
    let now = Instant.now
    let (known, isUsable) = state.withLock { state in
      let hasEnded = !state.isComplete || state.plugInEndsAt.map { $0 <= now } ?? false
      let isFresh = !hasEnded && state.freshUntil.map { now < $0 } ?? true
      return (isFresh ? state.pass : nil, !hasEnded)
    }
    if let known { return known }
    do throws(AccessFault) {
      return try await renewed(until: deadline, runsPlugIn: !isUsable)
    } catch {
      // A file that is being replaced is no reason to stop: what we have is good until it is refused.
      if isUsable {
        state.withLock { $0.freshUntil = .now + Self.pauseAfterFailure }
        return state.withLock { $0.pass }
      }
      throw failure(error, action)
    }
  }

  /// What to try where `refused` was not accepted; nil where there is nothing else.
  func pass(
    insteadOf refused: ClientPass, until deadline: Instant, action: String
  ) async throws(APIFailure) -> ClientPass? {
    let known = state.withLock { $0.pass }
    if known.number != refused.number { return known }
    let pass: ClientPass
    do throws(AccessFault) {
      pass = try await renewed(until: deadline, runsPlugIn: true)
    } catch {
      throw failure(error, action)
    }
    return pass.number == refused.number ? nil : pass
  }

  /// Why the kubeconfig is not in force as it is now, in one line; nil where it is.
  var remark: String? { state.withLock { $0.remark } }

  /// Has the next call look at files again, however young they are.
  func age() { state.withLock { $0.freshUntil = .now } }

  private func failure(_ fault: AccessFault, _ action: String) -> APIFailure {
    APIFailure(
      Task.isCancelled ? .cancelled : .misconfigured, text: "\(action): \(fault.description)")
  }

  /// Renews, together with whoever else wants to.
  private func renewed(
    until deadline: Instant, runsPlugIn: Bool
  ) async throws(AccessFault) -> ClientPass {
    typealias Renewal = Task<Result<ClientPass, AccessFault>, Never>
    let renewal: Result<Renewal, AccessFault> = state.withLock { state in
      if let failure = state.failure, Instant.now < failure.until { return .failure(failure.fault) }
      if let renewal = state.renewal { return .success(renewal) }
      let renewal = Renewal { await self.finishRenewal(runsPlugIn: runsPlugIn) }
      state.renewal = renewal
      return .success(renewal)
    }
    return try await Self.value(of: renewal.get(), until: deadline)
  }

  private func finishRenewal(runsPlugIn: Bool) async -> Result<ClientPass, AccessFault> {
    let result: Result<ClientPass, AccessFault>
    do throws(AccessFault) {
      result = .success(try await renew(runsPlugIn: runsPlugIn))
    } catch {
      result = .failure(error)
    }
    state.withLock { state in
      state.renewal = nil
      state.failure = nil
      if case .failure(let fault) = result {
        state.failure = (fault, .now + Self.pauseAfterFailure)
      }
    }
    return result
  }

  /// The task's value, or a fault at the deadline or when we are cancelled, while the task goes on for
  /// others.
  private static func value(
    of renewal: Task<Result<ClientPass, AccessFault>, Never>, until deadline: Instant
  ) async throws(AccessFault) -> ClientPass {
    let (stream, continuation) = AsyncStream<Result<ClientPass, AccessFault>>.makeStream()
    let relay = Task {
      continuation.yield(await renewal.value)
      continuation.finish()
    }
    defer { relay.cancel() }
    let result = try? await withDeadline(deadline) {
      for await result in stream { return result }
      throw CancellationError()
    }
    guard let result else { throw AccessFault("no credentials in time") }
    return try result.get()
  }

  /// Takes over a kubeconfig that has changed. One that is being replaced, or is bad, changes nothing; neither does one
  /// that leads elsewhere.
  private func look() -> (access: ClusterAccess, hasOtherPlugIn: Bool) {
    let known = state.withLock { $0.access }
    var remark: String?
    var access = known
    do throws(AccessFault) {
      if let new = try known.reread() {
        if new.leads(whereDoes: known) {
          access = new
        } else {
          remark =
            "the kubeconfig \(known.origin) leads elsewhere now (\(new.server.text)), which needs a restart"
        }
      }
    } catch {
      remark = "the kubeconfig cannot be used, and what it said before is in force: \(error)"
    }
    state.withLock { ($0.access, $0.remark) = (access, remark) }
    return (access, access.execPlugIn != known.execPlugIn)
  }

  private func renew(runsPlugIn: Bool) async throws(AccessFault) -> ClientPass {
    let (access, hasOtherPlugIn) = look()
    var credential: ExecCredential?
    if let plugIn = access.execPlugIn {
      // Certificates of the cluster may have changed, while what the plug-in gave is still good.
      guard runsPlugIn || hasOtherPlugIn else { return try renewAuthority(access) }
      credential = try await plugIn.run(for: access)
    }
    let tls = try TLSFiles(access, certificate: credential?.certificate)
    let authorization: String?
    if let token = credential?.token {
      authorization = "Bearer \(token)"
    } else {
      authorization = try Self.header(access)
    }
    return try replace(access, tls, authorization) { state in
      state.isComplete = true
      state.plugInEndsAt = credential?.expiresAt
    }
  }

  private func renewAuthority(_ access: ClusterAccess) throws(AccessFault) -> ClientPass {
    let (pass, known) = state.withLock { ($0.pass, $0.tls) }
    var tls = known
    tls.authority = try TLSFiles(access, certificate: nil).authority
    return try replace(access, tls, pass.authorization) { _ in }
  }

  /// Puts new credentials in place; connections are made anew where certificates have changed.
  private func replace(
    _ access: ClusterAccess, _ tls: TLSFiles, _ authorization: String?,
    _ change: (inout State) -> Void
  ) throws(AccessFault) -> ClientPass {
    let (pass, known) = state.withLock { ($0.pass, $0.tls) }
    let isSame = tls == known
    let clients = isSame ? pass.clients : try Self.clients(access, tls)
    return state.withLock { state in
      state.freshUntil = Self.freshUntil(access)
      change(&state)
      guard !isSame || authorization != pass.authorization else { return pass }
      state.tls = tls
      state.pass = ClientPass(
        number: pass.number + 1, clients: clients, authorization: authorization)
      return state.pass
    }
  }

  private static func freshUntil(_ access: ClusterAccess) -> Instant? {
    let files = [
      access.authorityFile, access.user.certificate?.chain.file, access.user.certificate?.key.file,
    ]
    if access.kubeconfig != nil || files.contains(where: { $0 != nil }) {
      return .now + certificateAge
    }
    if case .tokenFile = access.user.authorization { return .now + tokenAge }
    return nil
  }

  private static func header(_ access: ClusterAccess) throws(AccessFault) -> String? {
    switch access.user.authorization {
    case .none, .exec: return nil
    case .token(let token): return "Bearer \(token)"
    case .tokenFile(let file):
      let octets = try Material.contents(of: file, "token")
      let token = String(decoding: octets, as: UTF8.self).filter { !$0.isWhitespace }
      guard !token.isEmpty else { throw AccessFault("`\(file)` (token) is empty") }
      return "Bearer \(token)"
    case .password(let user, let password):
      return "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
    }
  }

  private static func clients(
    _ access: ClusterAccess, _ tls: TLSFiles
  ) throws(AccessFault) -> HTTPClients {
    let configuration = access.server.isSecure ? try tls.configuration(for: access) : nil
    return HTTPClients { http in
      if let configuration { http.tlsConfiguration = configuration }
      // The client verifies the certificate against the host of the URL. So URLs carry the name that is
      // to be verified, and this leads them to the host that is to be reached.
      if let name = access.serverName { http.dnsOverride = [name: access.server.host] }
      if let proxy = access.proxy { http.proxy = proxy.forClient }
    }
  }
}

extension ClusterProxy {
  fileprivate var forClient: HTTPClient.Configuration.Proxy {
    switch scheme {
    case .socks5: .socksServer(host: host, port: port)
    case .http:
      .server(
        host: host, port: port,
        authorization: credentials.map {
          .basic(credentials: Data($0.utf8).base64EncodedString())
        })
    }
  }
}
