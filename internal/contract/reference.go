package contract

import (
	"context"

	"qiao/internal/platform/seal"
)

// reference is the reference of a Sealer for the demo and tests: seals of every organisation, kept on this machine. They can be
// checked by anybody and bind nobody, and the pages say so.
type reference struct{ key seal.Key }

// NewReference makes the reference sealer.
func NewReference(key seal.Key) Sealer { return reference{key} }

// Keeper implements Sealer.
func (reference) Keeper() Keeper {
	return Keeper{NameZH: "示例签章服务（本机参考实现）", NameEN: "Sample seal service (reference on this machine)"} //i18n:data the name of who keeps the seals
}

// Seal implements Sealer.
func (r reference) Seal(_ context.Context, who Holder, statement string) (seal.Signed, error) {
	key, err := r.key.For(who.Org)
	if err != nil {
		return seal.Signed{}, err
	}
	return key.Sign(statement)
}

// Check implements Sealer.
func (r reference) Check(_ context.Context, who Holder, s seal.Signed) (bool, error) {
	key, err := r.key.For(who.Org)
	if err != nil {
		return false, err
	}
	public, err := key.Public()
	return public == s.Public && s.Valid(), err
}
