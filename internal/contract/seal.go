package contract

import (
	"context"
	"fmt"
	"strings"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/seal"
	"qiao/internal/platform/verify"
)

// Seal is the electronic seal of a side under a version: a signature that stands beside the text.
type Seal struct {
	Contract  string  `db:"contract"`
	Side      string  `db:"side"`
	Org       string  `db:"org"`
	Keeper    string  `db:"keeper"`    // who kept the seal, in Chinese
	KeeperEN  string  `db:"keeper_en"` // and in English
	Binding   bool    `db:"binding"`   // false: of the reference sealer
	Statement string  `db:"statement"`
	Signature string  `db:"signature"` // base64
	Public    string  `db:"public"`    // PEM
	At        db.Time `db:"at"`
}

const sealColumns = `contract, side, org, keeper, keeper_en, binding, statement, signature, public, at`

func (x Seal) signed() seal.Signed {
	return seal.Signed{Statement: x.Statement, Signature: x.Signature, Public: x.Public}
}

// Seals tells whether contracts can be sealed here, and who keeps the seals.
func (s *Service) Seals() (Keeper, bool) {
	if s.Sealer == nil {
		return Keeper{}, false
	}
	return s.Sealer.Keeper(), true
}

// Seal asks for the seal of a side under the newest version of a contract, before the transaction in which Sign keeps it. seen is
// the hash of the text that the signer has read; empty from a program that read none. The caller has checked the permission.
func (s *Service) Seal(ctx context.Context, side, seen string, f Facts) (*Seal, error) {
	keeper, can := s.Seals()
	if !can {
		return nil, fault.New(fault.Conflict, "no-sealer", "平台没有连接电子签章服务，请直接签署，或打印盖章后上传扫描件。")
	}
	c, list, there, err := s.Latest(ctx, s.DB, f.Order)
	switch {
	case err != nil:
		return nil, err
	case !there:
		return nil, fault.New(fault.Conflict, "no-contract", "这个订单还没有合同文本，请先在合同页选择条款形成文本，再盖电子签章。")
	case seen != "" && seen != c.SHA256:
		return nil, errChanged(c)
	case signedBy(list, side):
		return nil, errTwice()
	}
	who := Holder{Org: f.Buyer, Name: f.BuyerName, Code: f.BuyerCode}
	if side == Provider {
		who = Holder{Org: f.Provider, Name: f.ProviderName, Code: f.ProviderCode}
	}
	at := s.Clock.Now()
	text := statement(c, side, who, at)
	got, err := s.Sealer.Seal(ctx, who, text)
	if err == nil && got.Statement != text {
		err = fmt.Errorf("contract: another statement was sealed")
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "sealer-failed", "电子签章服务没有完成盖章，请稍后再试，或改用其他签署方式。").Because(err)
	}
	return &Seal{
		Contract: c.ID, Side: side, Org: who.Org, Keeper: keeper.NameZH, KeeperEN: keeper.NameEN, Binding: keeper.Binding,
		Statement: got.Statement, Signature: got.Signature, Public: got.Public, At: db.At(at),
	}, nil
}

func keepSeal(ctx context.Context, tx *db.Tx, x Seal) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract_seal (`+sealColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		x.Contract, x.Side, x.Org, x.Keeper, x.KeeperEN, x.Binding, x.Statement, x.Signature, x.Public, x.At)
	if err != nil {
		return fmt.Errorf("keep the seal: %w", err)
	}
	return nil
}

// What is known of a seal.
const (
	sealGood    = "good"
	sealBad     = "bad"
	sealUnknown = "unknown" // its keeper is not connected any more
)

// sealView is a seal with what is known of it.
type sealView struct {
	Seal
	Is string
}

// sealsOf are the seals under a version, by side, each checked now.
func (s *Service) sealsOf(ctx context.Context, q db.Q, c Contract) (map[string]sealView, error) {
	list, err := db.All[Seal](ctx, q, `SELECT `+sealColumns+` FROM contract_seal WHERE contract = $1 ORDER BY side`, c.ID)
	if err != nil {
		return nil, fmt.Errorf("read the seals of %s: %w", c.Number, err)
	}
	out := map[string]sealView{}
	for _, x := range list {
		out[x.Side] = sealView{x, s.sealIs(ctx, c, x)}
	}
	return out, nil
}

// sealIs checks a seal: is it under this text, and does its keeper know it.
func (s *Service) sealIs(ctx context.Context, c Contract, x Seal) string {
	if !strings.HasPrefix(x.Statement, about(c, x.Side)) {
		return sealBad
	}
	if s.Sealer == nil || s.Sealer.Keeper().NameZH != x.Keeper {
		return sealUnknown
	}
	ok, err := s.Sealer.Check(ctx, Holder{Org: x.Org}, x.signed())
	switch {
	case err != nil:
		return sealUnknown
	case !ok:
		return sealBad
	}
	return sealGood
}

// verifySeals checks every seal that is kept.
func (s *Service) verifySeals(ctx context.Context, q db.Q, all []Contract) ([]verify.Finding, error) {
	list, err := db.All[Seal](ctx, q, `SELECT `+sealColumns+` FROM contract_seal ORDER BY contract, side`)
	if err != nil {
		return nil, fmt.Errorf("read the seals: %w", err)
	}
	of := map[string]Contract{}
	for _, c := range all {
		of[c.ID] = c
	}
	var out []verify.Finding
	for _, x := range list {
		if s.sealIs(ctx, of[x.Contract], x) == sealBad {
			out = append(out, verify.Finding{Code: "contract.seal", Object: x.Contract, Text: "a seal is not valid, or under another text"})
		}
	}
	return out, nil
}
