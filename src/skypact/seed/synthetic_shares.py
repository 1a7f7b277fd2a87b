"""What synthetic catalogues are made of: shares of categories, words, and ranges that figures are drawn from."""

from __future__ import annotations

from skypact.schema import Category

#: Share of each category among listings, in a repeating pattern of one hundred.
MIX = (
    (Category.RADAR, 12),
    (Category.PASSIVE_RF, 10),
    (Category.CAMERA, 9),
    (Category.ACOUSTIC, 4),
    (Category.LIDAR, 2),
    (Category.REMOTE_ID, 4),
    (Category.MULTI_SENSOR, 3),
    (Category.JAMMER, 2),
    (Category.NET, 1),
    (Category.C2, 4),
    (Category.GATEWAY, 4),
    (Category.ADAPTER, 2),
    (Category.AIRCRAFT, 8),
    (Category.BATTERY, 12),
    (Category.CHARGER, 3),
    (Category.POWER, 4),
    (Category.MOTOR, 1),
    (Category.MOUNT, 3),
    (Category.PAYLOAD_CAMERA, 1),
    (Category.RADIO, 3),
    (Category.SPEED_CONTROLLER, 1),
    (Category.NETWORK, 2),
    (Category.SPARE, 4),
    (Category.SERVICE, 1),
)
PATTERN = tuple(category for category, share in MIX for _ in range(share))
#: A number without common factor with 100 spreads the categories over the sequence.
STRIDE = 37

NATIONS = ("KR", "US", "GB", "DE", "FR", "PL", "NL", "NO", "SE", "FI", "IT", "ES", "CZ", "EE", "LT", "JP", "AU", "CA")
SYLLABLES = ("ba", "do", "fi", "ga", "hu", "ka", "le", "mi", "no", "pa", "ri", "so", "ta", "ve", "zu")
CURRENCIES = ("EUR", "USD", "KRW", "GBP")
WON = 1_400  # price steps in KRW are this many times larger; a size, not an exchange rate
GRADES = ("stated", "stated", "documented", "documented", "tested", "fielded")
TEST = {"method": "Synthetic test", "conducted_by": "Synthetic catalogue generator"}
DATA = (("SAPIENT", "BSI Flex 335 v2"), ("ASTERIX", "CAT129"), ("CoT", "2.0"), ("MAVLink", "2.0"))
CHEMISTRIES = ("LiPo", "Li-ion", "LiFePO4", "Li-ion silicon anode")
TARGETS = ("micro-multirotor", "mini-multirotor", "fpv-multirotor", "small-fixed-wing")
SENSORS = {
    Category.RADAR: ("radar",),
    Category.PASSIVE_RF: ("passive_rf",),
    Category.CAMERA: ("camera",),
    Category.ACOUSTIC: ("acoustic",),
    Category.LIDAR: ("lidar",),
    Category.REMOTE_ID: ("remote_id",),
    Category.MULTI_SENSOR: ("radar", "camera"),
}
RANGE_M = {
    "radar": (800, 9000),
    "passive_rf": (1000, 10000),
    "camera": (400, 4000),
    "acoustic": (150, 600),
    "lidar": (200, 1500),
    "remote_id": (1000, 6000),
}
BAND_HZ = {"radar": (9.2e9, 24.0e9), "passive_rf": (4.0e8, 6.0e9), "remote_id": (2.4e9, 5.8e9)}
KOREAN = {
    "sensor": "센서",
    "defeat": "대응 장비",
    "c2": "지휘통제 장치",
    "gateway": "게이트웨이",
    "adapter": "어댑터",
    "aircraft": "무인기",
    "battery": "배터리",
    "charger": "충전기",
    "power": "전원 장치",
    "mount": "거치대",
    "radio": "무전기",
    "network": "통신 장비",
    "spare": "예비 부품",
    "service": "서비스",
    "propulsion": "추진 장치",
    "payload": "탑재 장비",
}
