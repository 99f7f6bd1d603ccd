// Package reward is the pages of providers' rewards (对服务机构的奖励): what a scheme gives to a provider on top of what vouchers
// paid, reckoned for a period order by order, proposed by one officer and approved by another. The money and the states are
// package voucher's: a reward is a redemption of its own kind there, paid like any other.
//
// It has no tables of its own.
package reward

import _ "embed" // the package's English

// English is the package's translations, Chinese text to English.
//
//go:embed en.json
var English []byte
