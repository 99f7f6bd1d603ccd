// Package channel carries a message to one person outside the pages: by mail, or through a gateway for SMS,
// WeChat, WeCom and DingTalk.
//
// A Sender touches the network and nothing else; it is called by couriers outside every database transaction. A
// sender may be asked to send the same message twice (after a crash between sending and noting it), so every
// message has a Key that stays the same: mail carries it as Message-ID, a gateway as Idempotency-Key.
//
// An error means "try again later" unless Refused(err) says that trying again cannot help.
package channel
