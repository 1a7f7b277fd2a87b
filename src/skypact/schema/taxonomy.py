"""What kind of thing a listing is: the SAPIENT node types, widened by what a kit also needs."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """A listing's place in the catalogue; the part before the dot is its family."""

    RADAR = "sensor.radar"
    PASSIVE_RF = "sensor.passive_rf"
    CAMERA = "sensor.camera"
    ACOUSTIC = "sensor.acoustic"
    LIDAR = "sensor.lidar"
    REMOTE_ID = "sensor.remote_id"
    MULTI_SENSOR = "sensor.multi"
    JAMMER = "defeat.jammer"
    CYBER = "defeat.cyber"
    NET = "defeat.net"
    LASER = "defeat.laser"
    RF_DIRECTED_ENERGY = "defeat.rf_directed_energy"
    C2 = "c2"
    GATEWAY = "gateway"
    ADAPTER = "adapter"
    AIRCRAFT = "aircraft"
    BATTERY = "battery"
    CHARGER = "charger"
    POWER = "power"
    MOUNT = "mount"
    RADIO = "radio"
    NETWORK = "network"
    SPARE = "spare"
    SERVICE = "service"
    MOTOR = "propulsion.motor"
    SPEED_CONTROLLER = "propulsion.speed_controller"
    PAYLOAD_CAMERA = "payload.camera"
    """a camera that an unmanned aircraft carries; it watches no site by itself"""
    SUPPLY = "supply"
    """an item of supply that is none of the above: tools, clothing, cable, vehicle parts"""

    @property
    def family(self) -> str:
        """``sensor``, ``defeat``, or the category itself."""
        return self.value.partition(".")[0]

    @property
    def sapient_node_type(self) -> str | None:
        """The SAPIENT (BSI Flex 335 v2) registration ``NodeType``, where one exists."""
        return _SAPIENT_NODE_TYPE.get(self)


_SAPIENT_NODE_TYPE = {
    Category.RADAR: "NODE_TYPE_RADAR",
    Category.PASSIVE_RF: "NODE_TYPE_PASSIVE_RF",
    Category.REMOTE_ID: "NODE_TYPE_PASSIVE_RF",
    Category.CAMERA: "NODE_TYPE_CAMERA",
    Category.ACOUSTIC: "NODE_TYPE_ACOUSTIC",
    Category.LIDAR: "NODE_TYPE_LIDAR",
    Category.JAMMER: "NODE_TYPE_JAMMER",
    Category.CYBER: "NODE_TYPE_CYBER",
    Category.NET: "NODE_TYPE_KINETIC",
    Category.LASER: "NODE_TYPE_LDEW",
    Category.RF_DIRECTED_ENERGY: "NODE_TYPE_RFDEW",
    Category.C2: "NODE_TYPE_FUSION_NODE",
}


class SensorKind(StrEnum):
    """The physical principle a sensor detects by. Two kinds fail for different reasons."""

    RADAR = "radar"
    PASSIVE_RF = "passive_rf"
    CAMERA = "camera"
    ACOUSTIC = "acoustic"
    LIDAR = "lidar"
    REMOTE_ID = "remote_id"
