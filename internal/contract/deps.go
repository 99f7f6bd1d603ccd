package contract

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/seal"
)

// Deps is what the module is built from.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Policy *identity.Policy
	// Facts reads what an order puts into its contract, as the subject may see it.
	Facts   func(ctx context.Context, by identity.Subject, order string) (Facts, error)
	Blobs   blob.Store // of the stamped scans
	Sealer  Sealer     // nil: contracts are signed on the platform, or printed, stamped and scanned
	Address string     // of the site, for the code on a print
}

// Sealer is a provider of electronic seals. It is asked by program and answers at once, as such providers do for organisations
// that have authorised it; a call may take seconds and is never made within a transaction.
type Sealer interface {
	// Keeper says who keeps the seals.
	Keeper() Keeper
	// Seal puts an organisation's seal under a statement.
	Seal(ctx context.Context, who Holder, statement string) (seal.Signed, error)
	// Check tells whether a seal is that of the organisation and is under this very statement.
	Check(ctx context.Context, who Holder, s seal.Signed) (bool, error)
}

// Keeper is who keeps the seals of organisations.
type Keeper struct {
	NameZH, NameEN string
	Binding        bool // false: a stand-in that shows how it works and binds nobody
}

// Holder is the organisation whose seal it is.
type Holder struct {
	Org  string // id
	Name string
	Code string // USCC
}
