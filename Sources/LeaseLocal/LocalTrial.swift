package import Lease
internal import LinuxSystem
internal import Time

extension LocalLeaseStore {
  /// Looks at the directory without making it or writing to it.
  package static func trial(directory path: String) -> StoreTrial {
    let start = Instant.now
    let directory = LeaseDirectory(path: path)
    guard FileStamp(path) != nil else {
      return StoreTrial(
        place: path, outcome: .success("not there yet; the daemon makes it"), took: .now - start)
    }
    do throws(StoreFailure) {
      try directory.examine()
      return StoreTrial(place: path, outcome: .success("can be written to"), took: .now - start)
    } catch {
      return StoreTrial(place: path, outcome: .failure(error), took: .now - start)
    }
  }
}
