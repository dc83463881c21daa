internal import Announcer
package import Configuration
internal import Control
internal import Logging
internal import Time
internal import Wire

extension Configuration {
  /// The wishes in this file.
  var requests: [AnnouncementRequest] {
    announcements.map { entry in
      AnnouncementRequest(
        origin: entry.origin, ranges: entry.ranges,
        patterns: entry.interfaces.lists.first ?? [],
        narrower: entry.interfaces.lists.dropFirst().first ?? [], nodes: entry.nodes)
    }
  }

  var announcementSchedule: AnnouncementSchedule {
    AnnouncementSchedule(
      rounds: gratuitous.schedule, refresh: gratuitous.refresh ?? .zero,
      spacing: gratuitous.spacing)
  }

  /// What a reload changes.
  package func difference(to new: Configuration) -> ConfigurationChanges {
    var keys: [String] = []
    func compare<Value: Equatable>(_ key: String, _ path: KeyPath<Configuration, Value>) {
      if self[keyPath: path] != new[keyPath: path] { keys.append(key) }
    }
    compare("node", \.node)
    compare("interfaces", \.interfaces)
    compare("announcements", \.announcements)
    compare("manifests", \.manifests)
    compare("defaultPolicy", \.defaultPolicy)
    compare("kubernetes", \.kubernetes)
    compare("lease", \.lease)
    compare("gratuitous", \.gratuitous)
    compare("askFirst", \.asksFirst)
    compare("conflicts", \.conflicts)
    compare("selfCheck", \.selfCheck)
    compare("control", \.control)
    compare("metrics", \.metrics)
    compare("log", \.log)
    // Thousands of addresses are gone through only where they may differ: `status` asks this each time.
    guard keys.contains("announcements") else {
      return ConfigurationChanges(added: 0, removed: 0, keys: keys)
    }
    let before = Set(announcements.flatMap(\.ranges).flatMap(\.addresses))
    let after = Set(new.announcements.flatMap(\.ranges).flatMap(\.addresses))
    return ConfigurationChanges(
      added: after.subtracting(before).count, removed: before.subtracting(after).count, keys: keys)
  }

  /// What cannot be changed while the daemon runs, and was. Nothing of such a file is taken over: new
  /// addresses under the old lease would be announced by several nodes.
  package func changesThatNeedARestart(_ new: Configuration) -> [String] {
    var notes: [String] = []
    func compare<Value: Equatable>(_ key: String, _ path: KeyPath<Configuration, Value>) {
      if self[keyPath: path] != new[keyPath: path] {
        notes.append(
          "`\(key)` changed in \(new.file), which needs a restart (systemctl restart announcer); until then "
            + "nothing of the file is in force")
      }
    }
    if node != new.node, !namesNode, !new.namesNode {
      notes.append(
        "the host name changed from \(node) to \(new.node), and \(new.file) has no `node`: write `node: \(node)` "
          + "there, or restart (systemctl restart announcer); until then nothing of the file is in force"
      )
    } else {
      compare("node", \.node)
    }
    compare("lease", \.lease)
    compare("kubernetes", \.clusterAccess)
    compare("control", \.control)
    return notes
  }
}

extension Configuration {
  /// How the API server is reached and what for, without what can change while the daemon runs.
  fileprivate var clusterAccess: KubernetesSettings? {
    var access = kubernetes
    access?.loadBalancerClasses = []
    access?.addressPools = .off
    return access
  }
}

/// What a reload changes, for the log and for people.
package struct ConfigurationChanges: Hashable, Sendable {
  /// In numbers of addresses.
  package var added: Int
  package var removed: Int
  /// The keys of the file's top level whose meaning differs, in the order of the reference.
  package var keys: [String]

  /// A line each, without full stops.
  package var lines: [String] {
    keys.map { key in
      guard key == "announcements", added + removed > 0 else { return "`\(key)` changed" }
      let noun = added == 1 ? "address" : "addresses"
      return "`\(key)` changed: \(added) \(noun) added, \(removed) removed"
    }
  }
}

extension LogSettings {
  var loggerLevel: Logger.Level { Logger.Level(rawValue: level.rawValue) ?? .info }

  var outputFormat: LogOutput.Format { format == .json ? .json : .text }
}
