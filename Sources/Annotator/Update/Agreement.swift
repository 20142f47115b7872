// How far people agree, watched while the view is open.

extension State {
  mutating func openAgreement() -> [Effect] {
    if case .hidden(let reason) = agreementDisclosure {
      inform(reason)
      return []
    }
    overlay = .agreement(AgreementView())
    return [.watchAgreement(true)]
  }

  mutating func showAgreement(_ board: AgreementBoard) {
    guard case .agreement(var view) = overlay else { return }
    view.board = agreementDisclosure.applied(to: board)
    view.problem = nil
    overlay = .agreement(view)
  }

  mutating func explainMissingAgreement(_ reason: String) {
    guard case .agreement(var view) = overlay else { return }
    view.problem = reason
    overlay = .agreement(view)
  }
}
