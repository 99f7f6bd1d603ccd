// Package demo fills a node with one region in which everything works: 嘉兴市 330400.
//
// What is real comes from package qiao/data and is marked with its source: divisions, institutions
// (unclaimed), experts from public award lists (unclaimed), calls for proposals. What is invented is
// in the folder sample, begins with 示例· and is marked as sample: firms, laboratories, people,
// instruments, services, orders. Nothing invented is ever attached to a real body or person. The
// unified social credit codes of the samples have a right check character and the region 999999,
// which no place has.
//
// [Load] does it all and may be called again; [Run] is the story of one voucher, from a firm's
// registration to its payment, told over the JSON API: the demo and the scenario test run the same one.
package demo

import _ "embed"

// English are the module's texts in English, by their Chinese.
//
//go:embed en.json
var English []byte
