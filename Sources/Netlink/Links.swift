package import Announcer
internal import LinuxSystem

/// Every link of this network namespace, once: for commands that look and end.
package func currentLinks() async throws -> [Link] {
  let monitor = try LinkMonitor()
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await monitor.run() }
    defer { monitor.stop() }
    for await links in monitor.links { return links }
    try await group.waitForAll()
    return []
  }
}
