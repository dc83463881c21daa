internal import Announcer
internal import Cluster
internal import Configuration
internal import HostAudit
internal import Manifests
internal import Wire

/// What the files of objects would mean on this node: a look at them, for `announcer check`.
struct ManifestAssessment {
  let requests: [AnnouncementRequest]
  /// For each of `requests`, the policies it is of, in words; empty where a request is not of a policy.
  let policies: [String]
  /// The Services that want to be announced and are not.
  let unannounced: [UnannouncedService]
  let problems: [String]
  let warnings: [String]
  let pools: [AnnouncedPool]
  /// The addresses of the nodes that the files describe.
  var nodes: NodeAddresses { selection?.nodeAddresses ?? NodeAddresses() }
  private let selection: Selection?

  /// - Parameter paths: of the manifests; none where this user may not read them.
  init(_ configuration: Configuration, paths: [String]) {
    guard !paths.isEmpty else {
      (requests, problems, warnings, pools) = ([], [], [], [])
      (policies, unannounced, selection) = ([], [], nil)
      return
    }
    var reader = ManifestReader(paths)
    let snapshot = reader.read()
    var settings = SelectionSettings(configuration)
    // What the API server has is not asked for here; the files stand for themselves.
    settings.hasPolicyKind = false
    var selection = Selection(settings)
    selection.setUnread(snapshot.unread)
    for object in snapshot.objects { selection.update(object, from: .manifests) }
    let wishes = selection.wishes
    policies = wishes.requests.map { request in
      let keys = Set(request.ranges.lazy.flatMap(\.addresses).flatMap(wishes.policies(of:)))
      return keys.sorted().map(selection.title(ofPolicy:)).fewAndACount
    }
    unannounced = selection.unannounced
    self.selection = selection
    requests = wishes.requests.map { request in
      var request = request
      request.origin = "manifests"
      return request
    }
    pools = selection.announcedPools(
      isGivenHere: configuration.kubernetes?.givesAddresses == true)
    problems = snapshot.errors.map(\.description) + selection.policyNotes
    warnings = snapshot.notes.map(\.description) + selection.warnings.map(\.description)
  }

  /// The policies that have a pattern, in words.
  func policies(withPattern pattern: InterfacePattern) -> [String] {
    selection?.policies(withPattern: pattern) ?? []
  }
}
