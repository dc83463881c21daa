import Glibc
import LinuxSystem
import Synchronization
import Testing
import Time

@testable import HTTPTransport

struct HostFinderTests {
  /// A resolver that answers when a test lets it.
  private final class Resolver: Sendable {
    private let state = Mutex<
      (asked: [String], answers: [Result<[String], HostFinder.LookUpFailure>])
    >(
      ([], []))

    var asked: [String] { state.withLock { $0.asked } }

    func answer(_ result: Result<[String], HostFinder.LookUpFailure>) {
      state.withLock { $0.answers.append(result) }
    }

    func lookUp(_ name: String) -> Result<[String], HostFinder.LookUpFailure> {
      state.withLock { $0.asked.append(name) }
      while true {
        let answer = state.withLock { $0.answers.isEmpty ? nil : $0.answers.removeFirst() }
        if let answer { return answer }
        usleep(1000)
      }
    }
  }

  private let resolver = Resolver()
  private var finder: HostFinder {
    let resolver = resolver
    return HostFinder { resolver.lookUp($0) }
  }

  private func settled(
    _ finder: HostFinder, _ isMet: (HostFinder.Finding) -> Bool
  ) async -> HostFinder.Finding {
    var finding = await finder.find("a.test", within: .seconds(20))
    while !isMet(finding) {
      try? await BootTimer.sleep(for: .milliseconds(5))
      finding = await finder.find("a.test", within: .seconds(20))
    }
    return finding
  }

  @Test func anAttemptGoesOnAfterACallHasLeftIt() async {
    let finder = finder
    #expect(await finder.find("a.test", within: .milliseconds(20)) == .late)
    // Nobody asks a second time meanwhile, or waits again for what has taken too long already.
    for _ in 0..<100 { #expect(await finder.find("a.test", within: .milliseconds(20)) == .late) }
    #expect(resolver.asked == ["a.test"])
    #expect(finder.known("a.test", slowerThan: .zero) == [])
    resolver.answer(.success(["10.0.0.1", "10.0.0.2"]))
    guard case .found(let addresses, let took) = await finder.find("a.test", within: .seconds(20))
    else {
      Issue.record("it was found")
      return
    }
    #expect(addresses == ["10.0.0.1", "10.0.0.2"] && took >= .milliseconds(20))
    #expect(resolver.asked == ["a.test"])
    #expect(finder.known("a.test", slowerThan: .milliseconds(20)) == addresses)
    #expect(finder.known("a.test", slowerThan: .seconds(60)) == [], "the resolver is fast enough")
    #expect(finder.known("b.test", slowerThan: .zero) == [])
  }

  /// The HTTP client asks for one name after another.
  @Test func aNameThatHangsMakesTheResolverSlowForAll() async {
    let resolver = resolver
    let finder = HostFinder { name in
      name == "hangs.test" ? resolver.lookUp(name) : .success(["10.0.0.2"])
    }
    defer { resolver.answer(.success(["10.0.0.1"])) }
    guard case .found = await finder.find("b.test", within: .seconds(20)) else {
      Issue.record("it was found")
      return
    }
    #expect(finder.known("b.test", slowerThan: .seconds(60)) == [])
    #expect(await finder.find("hangs.test", within: .milliseconds(20)) == .late)
    while finder.known("b.test", slowerThan: .milliseconds(100)).isEmpty {
      try? await BootTimer.sleep(for: .milliseconds(5))
    }
    #expect(finder.known("b.test", slowerThan: .milliseconds(100)) == ["10.0.0.2"])
    #expect(finder.known("hangs.test", slowerThan: .milliseconds(100)) == [])
  }

  @Test func anAttemptAfterOneThatFailedIsNotWaitedFor() async {
    let finder = finder
    resolver.answer(.failure(HostFinder.LookUpFailure("no such name")))
    #expect(await finder.find("a.test", within: .seconds(20)) == .failed("no such name"))
    // It is made again after a while, and until it has an answer the failure stands.
    while resolver.asked.count < 2 {
      #expect(await finder.find("a.test", within: .seconds(20)) == .failed("no such name"))
      try? await BootTimer.sleep(for: .milliseconds(20))
    }
    #expect(await finder.find("a.test", within: .seconds(20)) == .failed("no such name"))
    resolver.answer(.success(["10.0.0.1"]))
    let finding = await settled(finder) { $0 != .failed("no such name") }
    guard case .found(["10.0.0.1"], _) = finding else {
      Issue.record("\(finding)")
      return
    }
  }

  @Test func aNameWithoutAddressesIsNotFound() async {
    let finder = finder
    resolver.answer(.success([]))
    #expect(await finder.find("a.test", within: .seconds(20)) == .failed("it has no address"))
  }

  @Test func theSystemKnowsItself() throws {
    let addresses = try systemLookUp("localhost").get()
    #expect(addresses.contains("127.0.0.1") || addresses.contains("::1"), "\(addresses)")
  }

  @Test(
    arguments: [
      ("https://etcd1.lan:2379/v3/kv", "etcd1.lan"), ("http://10.0.0.1:80", "10.0.0.1"),
      ("https://[fd00::1]:6443/api", "fd00::1"), ("https://user@api.lan", "api.lan"),
      ("https://api.lan?x=y:z", "api.lan"), ("https://", nil), ("api.lan", nil),
    ] as [(String, String?)])
  func theHostOfAURL(url: String, name: String?) {
    #expect(host(ofURL: url).map(String.init) == name)
  }

  @Test func anAddressNeedsNobody() {
    #expect(isAddress("10.0.0.1") && isAddress("fd00::1"))
    #expect(!isAddress("etcd1.lan") && !isAddress("10.0.0"))
  }
}
