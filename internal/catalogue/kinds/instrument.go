//i18n:data labels of fields, kept in both languages side by side

package kinds

// instrument is the national platform's list (order of its import template), plus serial number, room and department.
func instrument() []Field {
	out := identity()
	out = append(out, technique()...)
	out = append(out, opening()...)
	out = append(out, place()[1:]...) // subjects stand among the technique
	out = append(out, contact()...)
	out = append(out,
		postal(),
		Field{Name: "postcode", ZH: "邮政编码", EN: "Postal code", Type: Post, Max: 6, Group: "place", NRII: "postalcode", Column: "邮政编码"},
	)
	return append(out, customs()...)
}

func identity() []Field {
	return []Field{
		{Name: "name_zh", ZH: "仪器设备名称", EN: "Chinese name", Type: Text, Max: 100, Core: true, Group: "basic", HintZH: "全称，不可简写；中英文名称至少填一项。", HintEN: "In full; at least one of the two names.",
			NRII: "cname", Element: "资源名称", Publish: true, Column: "仪器设备名称", Also: []string{"名称", "中文名称", "仪器名称", "设备名称", "仪器中文全称", "仪器中心名称"}},
		{Name: "name_en", ZH: "英文名称", EN: "English name", Type: Text, Max: 200, Core: true, Group: "basic", NRII: "ename", Column: "英文名称", Also: []string{"仪器英文全称", "name en"}},
		sourceID(),
		{Name: "model", ZH: "规格型号", EN: "Model", Type: Text, Max: 100, Core: true, Group: "basic", NRII: "instrVersion", Column: "规格型号", Also: []string{"型号", "model"}},
		{Name: "maker", ZH: "生产制造商", EN: "Manufacturer", Type: Text, Max: 100, Core: true, Group: "basic", HintZH: "全称，非代理商。", HintEN: "In full, not the agent.", NRII: "manufacturer", Column: "生产制造商", Also: []string{"制造商", "厂家", "品牌", "manufacturer", "maker", "vendor"}},
		{Name: "serial", ZH: "出厂编号", EN: "Serial number", Type: Text, Max: 60, Group: "basic", Also: []string{"序列号", "serial", "serial no"}},
		{Name: "class", ZH: "仪器分类编码", EN: "Class code", Type: Class, Max: 6, Core: true, Facet: true, Wanted: true, Group: "basic", HintZH: "6 位数字：大类、中类、小类。", HintEN: "Six digits: three levels of two.", NRII: "instrCategory", Column: "仪器分类编码", Also: []string{"设备分类编码", "分类编码", "class code"}},
		{Name: "summary", ZH: "简介", EN: "Summary", Type: Long, Max: 2000, Core: true, Wanted: true, Element: "描述", Group: "basic", Also: []string{"描述", "说明", "summary", "description", "eus display name"}},
		{Name: "belongs_type", ZH: "所属仪器类型", EN: "Type of what it is part of", Type: One, Group: "basic", NRII: "instrBelongsType", Column: "所属仪器类型", Also: []string{"所属大型科学装置/仪器中心/服务单元"}, Choices: []Choice{
			{"1", "科学仪器中心", "Instrument centre", []string{"仪器中心"}}, {"2", "大型科学装置", "Large facility", []string{"科学装置"}}, {"3", "科学仪器服务单元", "Service unit", []string{"服务单元"}}, {"无", "无", "None", []string{"0", "none", "单台套科学仪器设备"}}}},
		{Name: "belongs_to", ZH: "所属仪器内部编号", EN: "Own number of what it is part of", Type: Text, Max: 45, Group: "basic", NRII: "instrBelongsName", Column: "所属仪器内部编号"},
		{Name: "acquired_by", ZH: "设备仪器来源", EN: "How acquired", Type: One, Group: "basic", NRII: "instrSource", Column: "设备仪器来源", Also: []string{"仪器设备来源"}, Choices: []Choice{
			{"购置", "购置", "Purchased", []string{"新购"}}, {"研制", "研制", "Developed", nil}, {"赠送", "赠送", "Donated", []string{"接收捐赠"}}, {"其他", "其他", "Other", []string{"其它", "调拨", "置换", "盘盈"}}}},
		{Name: "worth", ZH: "原值", EN: "Original value", Type: Wan, Group: "basic", UnitZH: "万元", UnitEN: "× ¥10,000", NRII: "worth", Column: "原值（单位万元、保留小数点后两位）", Also: []string{"仪器原值", "原值万元", "worth"}},
		{Name: "nation", ZH: "产地国别", EN: "Country of origin", Type: Text, Max: 40, Group: "basic", HintZH: "GB/T 2659 国家简称，自主研制填中国。", HintEN: "Short name of the country; own developments: China.", NRII: "nation", Column: "产地国别", Also: []string{"产地", "国别", "nation"}},
		{Name: "commissioned", ZH: "启用日期", EN: "In use since", Type: Date, Group: "basic", NRII: "beginDate", Column: "建账日期（例：2016-01-01）", Also: []string{"购置日期", "commissioned date"}},
		{Name: "instrument_type", ZH: "仪器设备类别", EN: "General or special", Type: One, Group: "basic", NRII: "type", Column: "仪器设备类别（通用/专用）", Choices: []Choice{{"通用", "通用", "General", nil}, {"专用", "专用", "Special", nil}}},
		{Name: "funds", ZH: "购置经费来源", EN: "Paid from", Type: Many, Items: 4, Group: "basic", Also: []string{"主要购置经费来源", "经费来源"}, Choices: []Choice{
			{"own", "单位自有资金", "Own funds", []string{"自有资金", "自筹"}}, {"central", "中央财政资金", "Central budget", []string{"中央财政"}}, {"local", "地方财政资金", "Local budget", []string{"地方财政"}}, {"other", "其他资金", "Other", []string{"其他", "其它"}}}},
		{Name: "accepted_on", ZH: "验收日期", EN: "Accepted on", Type: Date, Group: "basic", HintZH: "财政资金购置的仪器，报送期限从验收之日算起。", HintEN: "For what was bought with public money, the term for reporting counts from this day.", Also: []string{"验收时间"}},
		{Name: "condition", ZH: "运行状态", EN: "Condition", Type: One, Facet: true, Group: "basic", NRII: "status", Column: "运行状态", Choices: conditions()},
	}
}

func keywords() Field {
	return Field{Name: "keywords", ZH: "关键词", EN: "Keywords", Type: List, Items: 20, Max: 60, Element: "关键词", Group: "technical", Also: []string{"keywords", "tags", "标签"}}
}

func conditions() []Choice {
	return []Choice{
		{"正常", "正常", "Working", []string{"normal", "working"}}, {"待机", "待机", "Standby", []string{"standby"}}, {"远程服务中", "远程服务中", "In remote service", nil},
		{"偶有故障", "偶有故障", "Occasional faults", nil}, {"故障频繁", "故障频繁", "Frequent faults", nil}, {"待修", "待修", "Awaiting repair", []string{"broken"}}, {"待报废", "待报废", "To be scrapped", nil},
	}
}

func technique() []Field {
	return []Field{
		{Name: "technical", ZH: "主要技术指标", EN: "Specifications", Type: Long, Max: 500, Wanted: true, Group: "technical", NRII: "technical", Column: "科学技术中心（最多500字）", Also: []string{"技术指标", "specifications"}},
		{Name: "function", ZH: "主要功能", EN: "Functions", Type: Long, Max: 300, Wanted: true, Group: "technical", NRII: "function", Column: "主要功能（最多300字）", Also: []string{"功能", "function"}},
		subjects(),
		keywords(),
		{Name: "technique", ZH: "方法类别", EN: "Technique", Type: Text, Max: 200, Group: "technical", Also: []string{"类别", "technique", "category", "instrument class", "local category name"}},
		{Name: "family", ZH: "仪器组", EN: "Group", Type: Text, Max: 200, Group: "technical", Also: []string{"instrument group", "仪器组"}},
		{Name: "variables", ZH: "测量量", EN: "Measured variables", Type: List, Items: 30, Max: 60, Group: "technical", Also: []string{"measured variables"}},
		{Name: "content", ZH: "服务内容", EN: "Services offered", Type: Long, Max: 200, Group: "technical", NRII: "serviceContent", Column: "服务内容（最多200字）", Also: []string{"usage"}},
		{Name: "achievement", ZH: "服务典型成果", EN: "Typical results", Type: Long, Max: 500, Group: "technical", NRII: "achievement", Column: "服务典型成果（最多500字）"},
		{Name: "image", ZH: "图片", EN: "Picture", Type: Text, Max: 150, Group: "technical", HintZH: "图片文件名或网址，jpg，1 MB 以内。", HintEN: "File name or address, jpg, up to 1 MB.", NRII: "image", Column: "图片（仪器图片的文件名称，jpg格式、1M以内大小）", Also: []string{"photo"}},
	}
}

func opening() []Field {
	return []Field{
		{Name: "share_mode", ZH: "共享模式", EN: "Sharing", Type: One, Facet: true, Group: "service", NRII: "shareMode", Column: "共享模式", Choices: []Choice{
			{"外部共享", "外部共享", "Open to others", []string{"对外共享"}}, {"内部共享", "内部共享", "Within the organisation", nil}, {"不共享", "不共享", "Not shared", nil}}},
		{Name: "hours_per_day", ZH: "每日可用机时", EN: "Hours a day", Type: Number, Max: 2, Group: "service", UnitZH: "小时", UnitEN: "h", Also: []string{"eus available hours", "available hours"}},
		{Name: "fee", ZH: "参考收费标准", EN: "Fees as written", Type: Long, Max: 500, Group: "service", NRII: "fee", Column: "参考收费标准（最多500字）", Also: []string{"收费标准"}},
		{Name: "service_url", ZH: "预约服务网址", EN: "Owner's booking page", Type: Link, Max: 150, Group: "service", NRII: "serviceUrl", Column: "预约服务网址"},
		{Name: "service_level", ZH: "服务方式", EN: "Service level", Type: Text, Max: 200, Group: "service", Also: []string{"service level"}},
		{Name: "register_status", ZH: "来源登记状态", EN: "Status in the source", Type: Text, Max: 60, Group: "service", HintZH: "按来源登记原样保留。", HintEN: "Kept as the source has it.", Also: []string{"status", "状态"}},
	}
}

// CustomsUses are the purposes for which customs lets an instrument in free of duty.
func CustomsUses() []Choice {
	return []Choice{{"research", "科学研究", "Research", []string{"科研"}}, {"development", "科技开发", "Technological development", []string{"技术开发", "开发"}}, {"teaching", "教学", "Teaching", nil}}
}

func customs() []Field {
	return []Field{
		{Name: "customs", ZH: "海关监管情况", EN: "Under customs supervision", Type: Flag, Group: "customs", NRII: "instrSupervise", Column: "海关监管情况（是/否）", Also: []string{"是否免税"}},
		{Name: "customs_purposes", ZH: "海关准许用途", EN: "Permitted purposes", Type: Many, Items: 3, Facet: true, Group: "customs", HintZH: "海关监管期内只能用于这些用途。", HintEN: "Within customs supervision it may be used for these only.", Also: []string{"准许用途", "限定用途", "permitted use"}, Choices: CustomsUses()},
		{Name: "supervised_until", ZH: "监管截止日期", EN: "Supervised until", Type: Date, Group: "customs", HintZH: "海关确定的监管年限最后一天。", HintEN: "Last day of the term that customs set."},
		{Name: "exemption_no", ZH: "征免税证明编号", EN: "Exemption certificate", Type: Text, Max: 12, Group: "customs", NRII: "codeCpd", Column: "征免税证明编号（12位）"},
		{Name: "exemption_item", ZH: "征免税证明序号", EN: "Item of the certificate", Type: Text, Max: 10, Group: "customs", NRII: "numberCpd", Column: "征免税证明序号"},
		{Name: "declaration_no", ZH: "进口报关单编号", EN: "Customs declaration", Type: Text, Max: 18, Group: "customs", NRII: "declarationNumber", Column: "进口报关单编号（18位）"},
		{Name: "contract_no", ZH: "合同号", EN: "Contract number", Type: Text, Max: 60, Group: "customs", NRII: "contractNumber", Column: "合同号"},
		{Name: "import_port", ZH: "进口口岸", EN: "Port of entry", Type: Text, Max: 60, Group: "customs", NRII: "importPort", Column: "进口口岸"},
		{Name: "customs_office", ZH: "主管海关", EN: "Customs office", Type: Text, Max: 60, Group: "customs", NRII: "responsibleCustoms", Column: "主管海关"},
		{Name: "imported", ZH: "进口日期", EN: "Imported", Type: Date, Group: "customs", NRII: "importDate", Column: "进口日期（例：2016/01/01）"},
		{Name: "customs_share", ZH: "申报共享标志", EN: "Declared as shared", Type: Flag, Group: "customs", NRII: "Share", Column: "申报共享标志（是/否）"},
		{Name: "fees_approved", ZH: "收费标准已评议标志", EN: "Fees reviewed", Type: Flag, Group: "customs", NRII: "feesApproved", Column: "收费标准已评议标志（是/否）"},
		{Name: "hs_code", ZH: "HS编码", EN: "HS code", Type: Text, Max: 13, Group: "customs", NRII: "hsCode", Column: "HS编码（税号）"},
		{Name: "customs_record", ZH: "后续管理记录", EN: "Later supervision", Type: Long, Max: 200, Group: "customs", NRII: "Record", Column: "后续管理记录（最多200字）"},
	}
}
