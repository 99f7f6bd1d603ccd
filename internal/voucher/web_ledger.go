package voucher

import (
	"context"
	"net/http"

	"qiao/docs"
	"qiao/internal/identity"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// ledgerView is the ledger by the roles of its accounts.
type ledgerView struct {
	Rows []Balance
	Sum  money.Fen
}

// roles are the roles of accounts in the order in which money passes through them.
func roles() []string {
	return []string{"funder", "unissued", "available", "held", "used", "payable", "paid", "recover", "received", "lapsed"}
}

// roleWord says what lies in the accounts of a role.
func roleWord(ctx context.Context, part string) string {
	switch part {
	case "funder":
		return t(ctx, "出资方拨入（记为负数）")
	case "unissued":
		return t(ctx, "尚未发放的预算")
	case "available":
		return t(ctx, "企业手中可用")
	case "held":
		return t(ctx, "已为订单占用")
	case "used":
		return t(ctx, "已使用、待核准兑付")
	case "payable":
		return t(ctx, "核准兑付、应付")
	case "paid":
		return t(ctx, "已支付")
	case "recover":
		return t(ctx, "要求追回、未到账")
	case "received":
		return t(ctx, "追回到账")
	case "lapsed":
		return t(ctx, "到期收回")
	}
	return part
}

func (s *Service) showLedger(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := s.policy.Can(identity.SubjectOf(ctx), "ledger.export", identity.Object{}); err != nil {
		return err
	}
	list, err := s.Balances(ctx, s.db)
	if err != nil {
		return err
	}
	by := map[string]Balance{}
	v := ledgerView{}
	for _, b := range list {
		by[b.Part], v.Sum = b, v.Sum+b.Sum
	}
	for _, part := range roles() {
		b := by[part]
		b.Part = part
		v.Rows = append(v.Rows, b)
	}
	return web.Page(w, r, http.StatusOK, ledgerPage(v))
}

// sendLedger sends the file. It is written as it is read: an error in the middle can only cut it off, which its last line tells.
func (s *Service) sendLedger(w http.ResponseWriter, r *http.Request) error {
	if err := s.policy.Can(identity.SubjectOf(r.Context()), "ledger.export", identity.Object{}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/gzip")
	w.Header().Set("Content-Disposition", `attachment; filename="ledger-`+s.today()+`.jsonl.gz"`)
	w.Header().Set("Cache-Control", "private, no-store")
	return s.ExportLedger(r.Context(), w)
}

// sendScript sends the script that checks such a file.
func (s *Service) sendScript(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="check-ledger.mjs"`)
	_, err := w.Write(docs.CheckLedger)
	return err //nolint:wrapcheck // the reader has gone
}

// ledgerSteps are how an auditor checks the file, as commands.
func ledgerSteps() []string {
	return []string{"qiao verify --ledger ledger.jsonl.gz", "node check-ledger.mjs ledger.jsonl.gz"}
}
