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

  /// What a reload changes, in numbers of addresses.
  func difference(to new: Configuration) -> ConfigurationChanges {
    let before = Set(announcements.flatMap(\.ranges).flatMap(\.addresses))
    let after = Set(new.announcements.flatMap(\.ranges).flatMap(\.addresses))
    return ConfigurationChanges(
      added: after.subtracting(before).count, removed: before.subtracting(after).count)
  }

  /// What cannot be changed while the daemon runs, and was: the old values stay in force.
  package func changesThatNeedARestart(_ new: Configuration) -> [String] {
    var notes: [String] = []
    func compare<Value: Equatable>(_ key: String, _ path: KeyPath<Configuration, Value>) {
      if self[keyPath: path] != new[keyPath: path] {
        notes.append("`\(key)` changed in \(new.file): restart the daemon for it to take effect")
      }
    }
    compare("node", \.node)
    compare("lease", \.lease)
    compare("kubernetes", \.clusterAccess)
    compare("control", \.control)
    return notes
  }

  /// `new` with the values that only a restart changes kept as they are.
  func adopting(_ new: Configuration) -> Configuration {
    var result = new
    result.node = node
    result.lease = lease
    // Which classes are announced takes effect at once; how the API server is reached does not.
    result.kubernetes = clusterAccess
    result.kubernetes?.loadBalancerClasses = new.kubernetes?.loadBalancerClasses ?? []
    result.kubernetes?.addressPools = new.kubernetes?.addressPools ?? .off
    result.control = control
    return result
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

/// What a reload changed, for the log.
struct ConfigurationChanges: Hashable, Sendable {
  var added: Int
  var removed: Int
}

extension LogSettings {
  var loggerLevel: Logger.Level { Logger.Level(rawValue: level.rawValue) ?? .info }

  var outputFormat: LogOutput.Format { format == .json ? .json : .text }
}
