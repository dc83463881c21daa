/// Every fault there is, in the order in which they are planted.
enum FaultList {
  static var all: [Fault] {
    PlannedFaults.all + ProcessFaults.all + PartitionFaults.all + LANFaults.all
      + StoreFaults.all + TamperingFaults.all + HoldFaults.all + ScaleFaults.all
      + KubernetesFaults.all
  }
}
